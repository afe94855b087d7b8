//! Commands that take no secret, and for which `-p` is something else. From their manual pages.

use super::{Commands, row};

pub(super) const ROWS: &[Commands] = &[
    // Files and folders.
    row(
        "awk base64 basename bat bzip2 cat cd chattr chgrp chmod chown cksum cmp comm cp cpio csplit cut dd df diff dir dirname",
        "",
        "",
    ),
    row(
        "du egrep emacs eza exa fallocate fgrep file fold gawk getfacl grep gunzip gzip head hexdump iconv install jless join",
        "",
        "",
    ),
    row(
        "jq less link ln locate look ls lsattr lsof lz4 md5sum mkdir mkfifo mknod mktemp more mv nano nl od paste patch pr",
        "",
        "",
    ),
    row(
        "pushd popd pwd readlink realpath rename rg rm rmdir sed setfacl sha1sum sha256sum sha512sum shred shuf sort split stat",
        "",
        "",
    ),
    row(
        "strings sum tac tail tar tee touch tr tree truncate tsort uniq unlink unzstd vi vim wc xmllint xxd xz yq zcat zstd",
        "",
        "",
    ),
    row(
        "ag ack bsdtar cabextract chafa choose column convert csvcut csvgrep dos2unix ffmpeg ffprobe gs hexyl identify import",
        "",
        "",
    ),
    row(
        "magick mediainfo mlr montage pandoc pdfseparate pdfunite rmlint rsvg-convert sd soffice sox tesseract unix2dos xsltproc",
        "",
        "",
    ),
    // The shell's own.
    row("bg bind break cal caller case clear compgen complete continue date dirs disown echo false fc fg for", "", ""),
    row(
        "function getopts hash help history info in jobs let logout man mapfile printf read readarray return select set shift",
        "",
        "",
    ),
    row(
        "shopt sleep suspend switch test tput true type ulimit umask unalias unset wait whatis which whereis yes [ [[ esac done",
        "",
        "",
    ),
    // The system.
    row(
        "apk apt apt-cache apt-get apt-mark blkid brew chkconfig dmesg dnf dpkg emerge fdisk findmnt flatpak free fuser getent",
        "",
        "",
    ),
    row(
        "hostname hostnamectl id insmod journalctl kill killall last ldconfig ldd localectl loginctl logger logrotate losetup",
        "",
        "",
    ),
    row(
        "lsb_release lsblk lscpu lsmod lsusb mkfs mkswap modprobe nix nix-env nix-shell opkg pacman parted pgrep pidof pidstat",
        "",
        "",
    ),
    row(
        "pkg pkill pmap port ps pstree renice rpm sar service shutdown snap swapon sync sysctl systemctl systemd-analyze",
        "",
        "",
    ),
    row(
        "timedatectl top tty udevadm umount uname update-alternatives uptime users vmstat w who whoami yay yum zypper btop htop",
        "",
        "",
    ),
    row("iostat perf bpftrace tracepath tcpdump tshark dumpcap ethtool lspci iotop nvidia-smi sensors", "", ""),
    // Networks.
    row(
        "arp arping bridge dig fping ftp host ifconfig ip ip6tables iperf iperf3 ipcalc iptables mtr nc ncat netstat nft nmap",
        "",
        "",
    ),
    row(
        "masscan nslookup ping ping6 rfkill route rsync scp sftp socat ss ssh-add ssh-agent ssh-copy-id ssh-keyscan telnet",
        "",
        "",
    ),
    row(
        "tftp traceroute ufw wg whois wrk iwlist dnsmasq haproxy nginx caddy envoy traefik httpd apachectl mirror mget mput lcd lighttpd vegeta",
        "",
        "",
    ),
    row("certbot cfssl mkcert step siege httpx ffuf dirb wfuzz nuclei subfinder amass", "", ""),
    // What programs are made with.
    row(
        "ar as autoconf automake bazel bear black buck2 c++ cargo-watch cc ccache cdk8s clang clang++ clang-format cmake cpack",
        "",
        "",
    ),
    row("ctags ctest cython dbt eslint flake8 g++ gcc gdb-multiarch gfortran ghc go gofmt golangci-lint", "", ""),
    row(
        "gunicorn gprof hadolint hugo hypercorn isort javac jekyll jest just ld lldb make mdbook meson mocha mypy ninja nm",
        "",
        "",
    ),
    row(
        "nox nx objdump patchelf perlcritic playwright pre-commit prettier protoc pylint pyright pytest pyinstaller rails rake",
        "",
        "",
    ),
    row(
        "readelf rspec rubocop ruff rustc rustfmt rustup serve shellcheck sphinx-build strip swc tox tsc tsx turbo",
        "",
        "",
    ),
    row(
        "uvicorn vitest vite webpack xcodebuild zig flask streamlit jupyter jupyter-lab jupyter-notebook celery lerna rollup esbuild",
        "",
        "",
    ),
    row(
        "parcel http-server live-server nyc karma cypress storybook ng vue next nuxt gatsby phpunit phpstan unittest venv",
        "",
        "",
    ),
    row("http.server virtualenv cookiecutter semgrep trivy grype syft gitleaks trufflehog bandit hub bzr brz", "", ""),
    // Services of others, and what runs containers.
    row("docker-machine eksctl istioctl k9s kubectx kubens linkerd skaffold stern tilt tkn velero kind k3d", "", ""),
    row(
        "s5cmd vultr-cli sqlite3 duckdb litecli hive impala-shell snowsql bq clickhouse clickhouse-client clickhouse-local",
        "",
        "",
    ),
    row("zabbix_get zabbix_sender telegram-send apprise offlineimap mbsync puppet juju saml2aws aws-okta", "", ""),
    row("patronictl barman wal-g pgbackrest usql rsyslogd fluent-bit vector promtool amtool", "", ""),
];
