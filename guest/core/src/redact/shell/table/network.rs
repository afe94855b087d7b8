//! HTTP clients, remote desktops, wireless networks, VPNs, tunnels, mail, device management. From their manual pages.

use super::{Row, row};

pub(super) const ROWS: &[Row] = &[
    row(
        "curl",
        "",
        "-u@ --user@ -U@ --proxy-user@ -H: --header: -d=, --data=, --data-raw=, --data-urlencode=, --data-binary=, --json: -F= --form= \
         --form-string= --url-query=, -b=! --cookie=! -E@ --cert@ --proxy-cert@ --oauth2-bearer! --pass! --tlspassword! --proxy-pass! \
         --proxy-tlspassword! -X: --request: -o: --output: -A: --user-agent: -e: --referer: -K: --config: -x: --proxy: -T: -w: -m: -c:",
    ),
    row("wget wget2", "", "--post-data=, --body-data=, -P: -O: -o: -a: -U: -e: -i: --header: --user:"),
    row("aria2c", "", "-d: -o: -x: -s: -i: --header:"),
    row(
        "http https xh xhs httpie",
        "",
        "-a@! --auth@! -A: --auth-type: --session: -p: --print: -h^ -b^ -o: --output: *=:",
    ),
    row("lynx", "", "-auth@ -pauth@"),
    row("ab", "", "-A@ -P@ -C=! -H: -n: -c: -p: -T: -X:"),
    row("hey", "", "-a@ -n: -c: -z: -m: -H: -d: -D:"),
    row("k6", "", "-e= --env= -u: -d: -o:"),
    row("newman", "", "--env-var= --global-var= -e: -g: -r:"),
    row("nikto", "", "-id@ -h: -host: -p: -port:"),
    row("sqlmap", "", "--auth-cred@ --cookie=! -u: -p: --data=, -D: -T: -C: -r:"),
    row("gobuster", "", "-P! --password! -U: --username: -c=! -w: -u: -p: -H: -t: -x:"),
    row("wpscan", "", "--api-token! -P: --passwords: -U: --usernames: -p:"),
    row("hydra medusa", "", "-p! -l: -L: -P: -u: -U: -s: -t: -x: -h: -M: -n:"),
    row(
        "yt-dlp youtube-dl",
        "",
        "-p! --password! -u: --username: --video-password! --ap-password! -2! --twofactor! -f: -o: -P:",
    ),
    row("gallery-dl instaloader", "", "-p! --password! -u: --username: -l: --login:"),
    row("transmission-remote", "", "-n@ --auth@ -p: -a: -t:"),
    // Remote desktops.
    row("xfreerdp xfreerdp3 wlfreerdp sdl-freerdp", "", "/p! /gp! /pth! /password! /u: /v: /d: /port: -p! -u:"),
    row("rdesktop", "", "-p! -u: -d: -g: -s: -k: -n: -r: -a: -x:"),
    row("vncviewer", "", "-passwd: -PasswordFile: -passwdInput^"),
    row("vncpasswd", "", "-f<!"),
    row("x11vnc", "", "-passwd! -viewpasswd! -rfbauth: -storepasswd!"),
    row("vncdo vncdotool", "", "-p! --password! -s: --server:"),
    // Wireless networks, VPNs and tunnels.
    row("nmcli", "", "-f: -m: *?"),
    row("wpa_passphrase", "", "1! <!"),
    row("wpa_cli", "set_network", "*?"),
    row("wpa_cli", "", "-i: -p:"),
    row("iwctl", "", "-P! --passphrase! -u: -p:"),
    row("netsh", "", "*="),
    row("openvpn", "", "--auth-user-pass: --askpass: --config: --management:"),
    row(
        "openconnect",
        "",
        "-p! --key-password! --passwd-on-stdin<! --token-secret! -u: --user: -c: -k: -s: --form-entry=!",
    ),
    row("tailscale", "", "--authkey! --auth-key!"),
    row("netbird", "", "-k! --setup-key!"),
    row("cloudflared", "service install", "0!"),
    row("cloudflared", "", "--token!"),
    row("ngrok", "authtoken|config add-authtoken", "0!"),
    row("ngrok", "", "--authtoken! --basic-auth@"),
    row("frpc frps", "", "-t! --token! -c: -s: -u: -l: -r: -p:"),
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
    row("swaks", "", "-ap! --auth-password! -au: -p: -s: -t: -f: --server: --to: --from:"),
    row("sendemail sendEmail", "", "-xp! -xu: -f: -t: -u: -m: -s: -a:"),
    row("mail mailx s-nail nail", "", "-S= -s: -r: -a: -c: -b:"),
    row("imapsync", "", "--password1! --password2! --passfile1: --passfile2: --host1: --host2: --user1: --user2:"),
    row("irssi", "", "-w! --password! -n: -c: -p: --nick: --connect:"),
];
