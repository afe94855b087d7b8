//! Commands of Windows and of PowerShell. From Microsoft's "Windows commands" and "PowerShell modules" references.

use super::{Commands, row};

pub(super) const ROWS: &[Commands] = &[
    row("net net1", "use", "/user: /persistent: /savecred: /delete: *?"),
    row("net net1", "user", "/add: /delete: /domain: /active: /expires: 1!"),
    // Samba's.
    row("net net1", "rpc|ads|rap|usershare", "-U% -S: -I: -W: --user%"),
    row("net net1", "", "/domain: -U% --user%"),
    row("cmdkey", "", "/pass! /user: /add: /generic: /delete: /list:"),
    row("runas", "", "/user: /savecred: /env: /netonly: /noprofile:"),
    row("psexec psexec64 paexec", "", "-p! -u: -w: -n: -r: -i: 1>"),
    row("pskill pslist psservice psloglist psinfo psloggedon psfile pssuspend", "", "-p! -u:"),
    row("wmic", "", "/password! /user: /node: /format:"),
    row("schtasks", "", "/p! /rp! /u: /ru: /tn: /tr$ /s: /sc: /create: /run:"),
    row("sc", "config|create", "*?"),
    row("sc", "", ""),
    row("reg", "add", "/v? /d?! /t: /s: /f: /ve:"),
    row("reg", "", "/v: /d:"),
    row("setx", "", "/p! /u: /s: /m: /k: /f: 0?"),
    row("certutil", "", "-p! -importpfx: -exportpfx:"),
    row("signtool", "", "/p! /csp: /kc: /f: /fd: /t: /tr: /td: /d: /du: /sha1: /a: /v: /n:"),
    row("pvk2pfx", "", "-pi! -po! -pvk: -spc: -pfx:"),
    row("bitsadmin", "", "/setcredentials: 3!|/setcredentials"),
    row("winrs", "", "-p! -u: -r: -d: -username: -remote: 0>"),
    row("dsadd dsmod", "", "-p! -u: -d: -pwd! -samid:"),
    row("netdom", "", "/passwordd! /passwordo! /pd! /po! /userd: /usero: /ud: /uo: /domain:"),
    row("manage-bde", "", "-pw! -rp! -recoverypassword! -rk:"),
    row(
        "takeown tasklist taskkill systeminfo driverquery getmac gpresult openfiles eventcreate wevtutil",
        "",
        "/p! /u: /s: /f: /fi: /im: /pid: /r:",
    ),
    row("nssm", "set", "3!|ObjectName"),
    row("sqlpackage", "", "/sp! /tp! /sourcepassword! /targetpassword! /su: /tu: /p: /a: /action:"),
    row(
        "powershell pwsh",
        "",
        "-c> -f> -Command> -command> -File> -file> -ExecutionPolicy: -executionpolicy: -ep: -EncodedCommand: -enc: -Version:",
    ),
    // Docker's form of a health check begins in the same way.
    row("cmd", "", "/c> /k> /s: /d: /q: /v: /e: 0>"),
    row("forfiles", "", "/c$ /p: /m: /d: /s:"),
    row("cscript wscript", "", "0>"),
    row("wsl", "", "-d: -u: -e> --exec> --distribution: --user: --cd: --> 0>"),
    row(
        "robocopy xcopy copy del move ren rd md attrib icacls dism nltest mstsc rundll32 start call assoc ftype title ver winget scoop",
        "",
        "",
    ),
    // PowerShell.
    row("convertto-securestring", "", "-String! -Key! -SecureKey! <! 0!"),
    row("convertfrom-securestring", "", "-Key! -SecureKey!"),
    row("set-item new-item", "", "-Path? -Name? -Value?! -ItemType: 0?"),
    row("set-secret", "", "-Name: -Vault: 1!"),
    row(
        "read-host get-credential new-object write-host write-output out-file get-content set-content get-childitem get-process",
        "",
        "",
    ),
    row(
        "invoke-command enter-pssession start-process stop-process new-pssession copy-item remove-item move-item test-path",
        "",
        "",
    ),
];
