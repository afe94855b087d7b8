//! Directories, Kerberos, Samba, and the tools that test them. From the manual pages of OpenLDAP, MIT Kerberos, Samba,
//! FreeIPA, and Impacket's documentation.

use super::{Commands, row};

pub(super) const ROWS: &[Commands] = &[
    row(
        "ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldapmodrdn ldapcompare ldapexop ldapvi",
        "",
        "-w! -D: -H: -h: -p: -b: -y: -s: -f: -l: -z: -Y: -U: -R: -X: -o: -e: -E: -O:",
    ),
    row("ldappasswd", "", "-w! -s! -a! -D: -H: -h: -p: -y: -T: -t:"),
    row("slappasswd", "", "-s! -T: -h: -c: -o:"),
    row("dsconf dsctl dsidm", "", "-w! -D: -b: -y:"),
    row("kinit kpasswd", "", "-t: -c: -S: -l: -r: <!"),
    row("kadmin kadmin.local", "", "-w! -q$ -p: -r: -s: -t: -c:"),
    row("addprinc add_principal ank cpw change_password modprinc", "", "-x: -e: -pw! -policy: -expire:"),
    row("kdb5_util", "", "-P! -M: -r: -d: -k:"),
    row("ipa", "passwd", "<!"),
    row("ipa", "", "--password^"),
    row("ipa-server-install ipa-replica-install", "", "-p! -a! -w! -P: -n: -r: --principal:"),
    row("ipa-client-install", "", "-w! -p: --principal: --domain: --server: --realm:"),
    row("realm", "join", "-U: --user: <!"),
    row("adcli", "", "-U: -D: -O: --stdin-password<! --login-user: --domain:"),
    row("samba-tool", "user create|user add|user setpassword", "-U% --newpassword! 1!"),
    row("samba-tool", "", "-U% -H: -s: --user% --adminpass!"),
    row("smbclient", "", "-U% -W: -c: -p: -I: -A: -m: -L: --user% 1!"),
    row("rpcclient smbget smbcacls smbtree smbcquotas winexe wmis", "", "-U% -W: -c: -p: -I: -A: --user%"),
    row("smbpasswd", "", "-s<! -r: -U% -a: -c:"),
    row("pdbedit", "", "-t<! -u: -a: -f:"),
    row("wbinfo", "", "-a% -K% --authenticate% --krb5auth% --set-auth-user%"),
    row("ntlm_auth", "", "--username: --domain:"),
    row("smbmap", "", "-p! -u: -d: -H: -P: -x$ -s: -r:"),
    row("crackmapexec nxc netexec cme", "", "-p! -H! -u: -d: -x$ -X: -M: --hash! --username:"),
    row("evil-winrm", "", "-p! -H! -u: -i: -P: -s: -e: -r: --hash!"),
    row("bloodhound-python ldapdomaindump certipy certipy-ad", "", "-p! -u: -d: -c: -o: -hashes! -dc: -ns:"),
    row("kerbrute", "passwordspray", "-d: -o: -t: --dc: 1!"),
    row(
        "psexec.py smbexec.py wmiexec.py atexec.py dcomexec.py secretsdump.py GetNPUsers.py GetUserSPNs.py getTGT.py getST.py lookupsid.py \
         mssqlclient.py smbclient.py reg.py services.py ticketer.py impacket-psexec impacket-smbexec impacket-wmiexec impacket-atexec \
         impacket-secretsdump impacket-GetNPUsers impacket-GetUserSPNs impacket-getTGT impacket-mssqlclient impacket-smbclient",
        "",
        "-hashes! -aesKey! -dc-ip: -target-ip: 0@@",
    ),
];
