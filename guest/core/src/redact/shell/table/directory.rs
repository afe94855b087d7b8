//! Directories, Kerberos, Samba, and the tools that test them. From the manual pages of OpenLDAP, MIT Kerberos, Samba,
//! FreeIPA, and Impacket's documentation.

use super::{Row, row};

pub(super) const ROWS: &[Row] = &[
    row(
        "ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldapmodrdn ldapcompare ldapexop ldapvi",
        "",
        "-w! -D: -H: -h: -p: -b: -y: -s: -f: -x^ -l: -z: -Y: -U: -R: -X: -o: -e: -E: -O:",
    ),
    row("ldappasswd", "", "-w! -s! -a! -D: -H: -h: -p: -y: -T: -t:"),
    row("slappasswd", "", "-s! -T: -h: -c: -o:"),
    row("dsconf dsctl dsidm", "", "-w! -D: -b: -y: -Z^"),
    row("kinit kpasswd", "", "-k^ -t: -c: -S: -l: -r: <!"),
    row("kadmin kadmin.local", "", "-w! -q$ -p: -r: -s: -k^ -t: -c:"),
    row("addprinc add_principal ank cpw change_password modprinc", "", "-pw! -policy: -x: -e: -expire:"),
    row("kdb5_util", "", "-P! -M: -r: -d: -k:"),
    row("ipa", "passwd", "<!"),
    row("ipa", "", "--password^ --random^"),
    row(
        "ipa-server-install ipa-replica-install",
        "",
        "-p! --ds-password! -a! --admin-password! -w! --password! -P: --principal: -n: -r:",
    ),
    row("ipa-client-install", "", "-w! --password! -p: --principal: --domain: --server: --realm:"),
    row("realm", "join", "-U: --user: <!"),
    row("adcli", "", "--stdin-password<! -U: --login-user: -D: --domain: -O:"),
    row("samba-tool", "user create|user add|user setpassword", "--newpassword! --password! -U% 1!"),
    row("samba-tool", "", "-U% --user% --password! --adminpass! -H: -s:"),
    row("smbclient", "", "-U% --user% --password! -W: -c: -p: -I: -A: -N^ -m: -L: 1!"),
    row(
        "rpcclient smbget smbcacls smbtree smbcquotas winexe wmis",
        "",
        "-U% --user% --password! -W: -c: -p: -I: -A: -N^",
    ),
    row("smbpasswd", "", "-s<! -r: -U% -a: -c:"),
    row("pdbedit", "", "-t<! -u: -a: -f:"),
    row("wbinfo", "", "-a% --authenticate% -K% --krb5auth% --set-auth-user%"),
    row("ntlm_auth", "", "--password! --username: --domain:"),
    row("smbmap", "", "-p! -u: -d: -H: -P: -x$ -s: -r:"),
    row("crackmapexec nxc netexec cme", "", "-p! --password! -H! --hash! -u: --username: -d: -x$ -X: -M: -k^"),
    row("evil-winrm", "", "-p! --password! -H! --hash! -u: -i: -P: -s: -e: -r:"),
    row(
        "bloodhound-python ldapdomaindump certipy certipy-ad",
        "",
        "-p! --password! -hashes! -u: -d: -dc: -ns: -c: -o:",
    ),
    row("kerbrute", "passwordspray", "-d: --dc: -o: -t: 1!"),
    row(
        "psexec.py smbexec.py wmiexec.py atexec.py dcomexec.py secretsdump.py GetNPUsers.py GetUserSPNs.py getTGT.py getST.py lookupsid.py \
         mssqlclient.py smbclient.py reg.py services.py ticketer.py impacket-psexec impacket-smbexec impacket-wmiexec impacket-atexec \
         impacket-secretsdump impacket-GetNPUsers impacket-GetUserSPNs impacket-getTGT impacket-mssqlclient impacket-smbclient",
        "",
        "-hashes! -aesKey! -dc-ip: -target-ip: -k^ 0@@",
    ),
];
