//! HTTP clients, remote desktops, wireless networks, VPNs, tunnels, mail, device management. From their manual pages.

use super::{Commands, row};

pub(super) const ROWS: &[Commands] = &[
    row(
        "curl",
        "",
        "-u@ -U@ -H: -d=, -F= -b=! -E@ -X: -o: -A: -e: -K: -x: -T: -w: -m: -c: --user@ --proxy-user@ --header: --data=, \
         --data-raw=, --data-urlencode=, --data-binary=, --json: --form= --form-string= --url-query=, --cookie=! --cert@ \
         --proxy-cert@ --oauth2-bearer! --tlspassword! --proxy-tlspassword! --request: --output: --user-agent: --referer: \
         --config: --proxy:",
    ),
    row("wget wget2", "", "-P: -O: -o: -a: -U: -e: -i: --post-data=, --body-data=, --header: --user:"),
    row("aria2c", "", "-d: -o: -x: -s: -i: --header:"),
    row("http https xh xhs httpie", "", "-a@! -A: -p: -o: --auth@! --auth-type: --session: --print: --output: *=:"),
    row("lynx", "", "-auth@ -pauth@"),
    row("ab", "", "-A@ -P@ -C=! -H: -n: -c: -p: -T: -X:"),
    row("hey", "", "-a@ -n: -c: -z: -m: -H: -d: -D:"),
    row("k6", "", "-e= -u: -d: -o: --env="),
    row("newman", "", "-e: -g: -r: --env-var= --global-var="),
    row("nikto", "", "-h: -p: -id@ -host: -port:"),
    row("sqlmap", "", "-u: -p: -D: -T: -C: -r: --auth-cred@ --cookie=! --data=,"),
    row("gobuster", "", "-P! -U: -c=! -w: -u: -p: -H: -t: -x: --username:"),
    row("wpscan", "", "-P: -U: -p: --passwords: --usernames:"),
    row("hydra medusa", "", "-p! -l: -L: -P: -u: -U: -s: -t: -x: -h: -M: -n:"),
    row("yt-dlp youtube-dl", "", "-p! -u: -2! -f: -o: -P: --username: --twofactor!"),
    row("gallery-dl instaloader", "", "-p! -u: -l: --username: --login:"),
    row("transmission-remote", "", "-n@ -p: -a: -t: --auth@"),
    // Remote desktops.
    row("xfreerdp xfreerdp3 wlfreerdp sdl-freerdp", "", "/p! /gp! /pth! /password! /u: /v: /d: /port: -p! -u:"),
    row("rdesktop", "", "-p! -u: -d: -g: -s: -k: -n: -r: -a: -x:"),
    row("vncviewer", "", "-passwd: -PasswordFile:"),
    row("vncpasswd", "", "-f<!"),
    row("x11vnc", "", "-viewpasswd! -rfbauth: -storepasswd!"),
    row("vncdo vncdotool", "", "-p! -s: --server:"),
    // Wireless networks, VPNs and tunnels.
    row("nmcli", "", "-f: -m: *?"),
    row("wpa_passphrase", "", "1! <!"),
    row("wpa_cli", "set_network", "*?"),
    row("wpa_cli", "", "-i: -p:"),
    row("iwctl", "", "-P! -u: -p:"),
    row("netsh", "", "*="),
    row("openvpn", "", "--auth-user-pass: --askpass: --config: --management:"),
    row("openconnect", "", "-p! -u: -c: -k: -s: --passwd-on-stdin<! --user: --form-entry=!"),
    row("tailscale", "", ""),
    row("netbird", "", "-k! --setup-key!"),
    row("cloudflared", "service install", "0!"),
    row("cloudflared", "", ""),
    row("ngrok", "authtoken|config add-authtoken", "0!"),
    row("ngrok", "", "--basic-auth@"),
    row("frpc frps", "", "-t! -c: -s: -u: -l: -r: -p:"),
    // Devices.
    row(
        "snmpwalk snmpget snmpset snmpgetnext snmpbulkwalk snmpbulkget snmptable snmptrap snmpstatus snmpdf snmpinform",
        "",
        "-c! -A! -X! -u: -l: -a: -x: -v: -n: -O: -t: -r: -m:",
    ),
    row("ipmitool", "user set password", "-P! -H: -U: -I: 1!"),
    row("ipmitool", "", "-P! -k! -y! -f: -H: -U: -I: -p: -L: -C: -t:"),
    row("ipmipower ipmi-sensors ipmi-sel ipmi-chassis ipmiconsole bmc-info bmc-device", "", "-p! -k! -u: -h: -D: -l:"),
    row("racadm", "", "-p! -u: -r:"),
    row("radtest", "", "1! 4!"),
    row("radclient", "", "-f: -d: 2!"),
    // Mail and chat.
    row("swaks", "", "-p: -s: -t: -f: -ap! -au: --server: --to: --from:"),
    row("sendemail sendEmail", "", "-f: -t: -u: -m: -s: -a: -xp! -xu:"),
    row("mail mailx s-nail nail", "", "-S= -s: -r: -a: -c: -b:"),
    row("imapsync", "", "--password1! --password2! --passfile1: --passfile2: --host1: --host2: --user1: --user2:"),
    row("irssi", "", "-w! -n: -c: -p: --nick: --connect:"),
];
