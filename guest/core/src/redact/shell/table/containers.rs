//! Containers and clusters. From the reference pages of Docker, Podman, Kubernetes, OpenShift, Helm, Argo CD and others.

use super::{Row, row};

const LOGIN: &str = "-u: --username: -p! --password! --password-stdin<!";

/// With an image, and a command behind it.
const RUN: &str = "-e= --env= -p: --publish: -v: --volume: -u: --user: -w: --workdir: -l: --label: -h: --hostname: -m: --memory: -a: --attach: \
     --mount: --name: --network: --net: --env-file: --entrypoint: --restart: --platform: --cpus: --add-host: --gpus: --shm-size: --log-driver: \
     --log-opt: --dns: --device: --cap-add: --cap-drop: --security-opt: --ulimit: --tmpfs: --pull: --ip: --pid: --ipc: --userns: \
     --network-alias: --volumes-from: --stop-signal: --health-cmd$ --health-interval: --health-timeout: --health-retries: --expose: --link: \
     --runtime: --sysctl: --cidfile: --annotation: --pod: --secret: --group-add: --cpuset-cpus: --cpu-shares: --mac-address: 1+";

/// With a service, and a command behind it.
const COMPOSE: &str =
    "-e= --env= -u: --user: -w: --workdir: -v: --volume: -p: --publish: -l: --label: --name: --entrypoint: --index: 1>";

const BUILD: &str = "--build-arg= --secret: -t: --tag: -f: --file: --target: --platform: --label: --creds@";

/// With a chart's values.
const VALUES: &str = "--set=, --set-string=, --set-literal=, --set-file: --set-json: -f: --values: --version: --repo: --timeout: --description:";

pub(super) const ROWS: &[Row] = &[
    row("docker podman nerdctl", "login", LOGIN),
    row("docker podman nerdctl", "run|create|container run|container create", RUN),
    row(
        "docker podman nerdctl",
        "exec|container exec",
        "-e= --env= -u: --user: -w: --workdir: --env-file: --detach-keys: 1>",
    ),
    row("docker podman nerdctl", "build|buildx build|image build|builder build", BUILD),
    row("docker podman nerdctl", "compose run|compose exec", COMPOSE),
    row("docker podman nerdctl", "compose build", BUILD),
    row(
        "docker podman nerdctl",
        "service create|service update",
        "-e= --env= --env-add= --secret: -p: --publish: --name: --replicas: --network: 1+",
    ),
    row("docker podman nerdctl", "secret create", "-l: -d: <!"),
    row("docker podman nerdctl", "pull|push|image pull|image push", "--creds@"),
    row(
        "docker podman nerdctl",
        "",
        "-H: --host: -c: --context: --config: -l: --log-level: -f: --file: -p: --project-name: --profile: --env-file: --project-directory: \
         -n: --namespace: --secret:",
    ),
    row("docker-compose podman-compose", "run|exec", COMPOSE),
    row("docker-compose podman-compose", "build", BUILD),
    row(
        "docker-compose podman-compose",
        "",
        "-f: --file: -p: --project-name: --profile: --env-file: --project-directory:",
    ),
    row("crictl", "exec", "1>"),
    row("crictl", "", "--creds@ --auth! -r: -i: -c: -p:"),
    row("ctr", "", "-u@ --user@ -n: --namespace: -a:"),
    row("buildah", "login", LOGIN),
    row("buildah", "bud|build", BUILD),
    row("buildah", "", "--creds@ -e= --env="),
    row("skopeo", "login", LOGIN),
    row("skopeo", "", "--creds@ --src-creds@ --dest-creds@ --password!"),
    row("oras cosign", "login", LOGIN),
    row("oras cosign", "", "-u: -p! --password! --password-stdin<! -o: --key: -a:"),
    row("crane", "auth login", LOGIN),
    row("regctl", "registry login", "-u: --user: -p! --pass! --pass-stdin<!"),
    row("singularity apptainer", "registry login|remote login", LOGIN),
    row("singularity apptainer", "exec|run", "-B: --bind: --env= 1>"),
    row("lxc incus", "exec", "-T: -t: --env= --user: --cwd: -->"),
    row("multipass limactl", "exec|shell", "--> 1>"),
    row("vagrant", "ssh", "-c$ --command$"),
    row("toolbox distrobox", "run|enter", "-c: -n: --container: --name: --> 0>"),
    row("oc", "login", "-u: --username: -p! --password! --token! --certificate-authority:"),
    row("oc", "rsh", "-c: 1>"),
    row("oc", "new-app|process", "-p= --param= -e= --env= --build-env= -l: -f:"),
    row(
        "kubectl oc",
        "create secret generic|create secret docker-registry|create secret",
        "--from-literal=! --docker-password! --docker-username: --docker-email: --docker-server: --from-file: --type:",
    ),
    row("kubectl oc", "create configmap", "--from-literal= --from-file:"),
    row("kubectl oc", "exec", "-c: --container: --> 1>"),
    row("kubectl oc", "run", "--env= --image: -l: --labels: --overrides: --port: --restart: --> 1+"),
    row("kubectl oc", "set env", "-e= --env= --from: --prefix: *="),
    row(
        "kubectl oc",
        "config set-credentials",
        "--token! --password! --username: --auth-provider-arg= --exec-env= --exec-arg:",
    ),
    row(
        "kubectl oc",
        "",
        "-n: --namespace: --context: --kubeconfig: --cluster: --user: -s: --server: --token! --password! --as: -l: --selector: -f: \
         --filename: -o: --output: -c: --container: -p: --patch: -v:",
    ),
    row("k3s microk8s minikube rke2", "", "--agent-token! --token! 0+"),
    row("kubeadm", "", "--token! --certificate-key! --discovery-token! --tls-bootstrap-token! --config:"),
    row("rancher", "login", "-t! --token! --name:"),
    row("helm", "registry login", LOGIN),
    row("helm", "repo add", LOGIN),
    row("helm", "install|upgrade|template|lint|diff upgrade|secrets install|secrets upgrade", VALUES),
    row(
        "helm",
        "",
        "-n: --namespace: --kube-context: --kubeconfig: --kube-token! --registry-config: --username: --password!",
    ),
    row("helmfile", "", "--set=, --state-values-set=, --state-values-set-string=, -f: -e: -l: -n:"),
    row("kustomize", "edit add secret", "--from-literal=! --from-file: --type:"),
    row(
        "argocd",
        "app set|app create",
        "-p= --parameter= --helm-set= --helm-set-string= --kustomize-image: --repo: --path: --dest-server:",
    ),
    row("argocd", "", "--auth-token! --password! --username: --current-password! --new-password! --account:"),
    row("flux", "", "-p! --password! -u: --username: --bearer-token! -n: --url: --path:"),
    row("kubeseal", "", "--raw<! --name: --namespace: -n: -o: -w:"),
];
