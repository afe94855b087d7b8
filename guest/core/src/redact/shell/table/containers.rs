//! Containers and clusters. From the reference pages of Docker, Podman, Kubernetes, OpenShift, Helm, Argo CD and others.

use super::{Commands, row};

const LOGIN: &str = "-u: -p! --username: --password-stdin<!";

/// With an image, and a command behind it.
const RUN: &str = "-e= -p: -v: -u: -w: -l: -h: -m: -a: --env= --publish: --volume: --user: --workdir: --label: --hostname: --memory: \
     --attach: --mount: --name: --network: --net: --env-file: --entrypoint: --restart: --platform: --cpus: --add-host: \
     --gpus: --shm-size: --log-driver: --log-opt: --dns: --device: --cap-add: --cap-drop: --security-opt: --ulimit: \
     --tmpfs: --pull: --ip: --pid: --ipc: --userns: --network-alias: --volumes-from: --stop-signal: --health-cmd$ \
     --health-interval: --health-timeout: --health-retries: --expose: --link: --runtime: --sysctl: --cidfile: --annotation: \
     --pod: --secret: --group-add: --cpuset-cpus: --cpu-shares: --mac-address: 1+";

/// With a service, and a command behind it.
const COMPOSE: &str =
    "-e= -u: -w: -v: -p: -l: --env= --user: --workdir: --volume: --publish: --label: --name: --entrypoint: --index: 1>";

const BUILD: &str = "-t: -f: --build-arg= --secret: --tag: --file: --target: --platform: --label: --creds@";

/// With a chart's values.
const VALUES: &str = "-f: --set=, --set-string=, --set-literal=, --set-file: --set-json: --values: --version: --repo: --timeout: --description:";

pub(super) const ROWS: &[Commands] = &[
    row("docker podman nerdctl", "login", LOGIN),
    row("docker podman nerdctl", "run|create|container run|container create", RUN),
    row(
        "docker podman nerdctl",
        "exec|container exec",
        "-e= -u: -w: --env= --user: --workdir: --env-file: --detach-keys: 1>",
    ),
    row("docker podman nerdctl", "build|buildx build|image build|builder build", BUILD),
    row("docker podman nerdctl", "compose run|compose exec", COMPOSE),
    row("docker podman nerdctl", "compose build", BUILD),
    row(
        "docker podman nerdctl",
        "service create|service update",
        "-e= -p: --env= --env-add= --secret: --publish: --name: --replicas: --network: 1+",
    ),
    row("docker podman nerdctl", "secret create", "-l: -d: <!"),
    row("docker podman nerdctl", "pull|push|image pull|image push", "--creds@"),
    row(
        "docker podman nerdctl",
        "",
        "-H: -c: -l: -f: -p: -n: --host: --context: --config: --log-level: --file: --project-name: --profile: --env-file: \
         --project-directory: --namespace: --secret:",
    ),
    row("docker-compose podman-compose", "run|exec", COMPOSE),
    row("docker-compose podman-compose", "build", BUILD),
    row(
        "docker-compose podman-compose",
        "",
        "-f: -p: --file: --project-name: --profile: --env-file: --project-directory:",
    ),
    row("crictl", "exec", "1>"),
    row("crictl", "", "-r: -i: -c: -p: --creds@ --auth!"),
    row("ctr", "", "-u@ -n: -a: --user@ --namespace:"),
    row("buildah", "login", LOGIN),
    row("buildah", "bud|build", BUILD),
    row("buildah", "", "-e= --creds@ --env="),
    row("skopeo", "login", LOGIN),
    row("skopeo", "", "--creds@ --src-creds@ --dest-creds@"),
    row("oras cosign", "login", LOGIN),
    row("oras cosign", "", "-u: -p! -o: -a: --password-stdin<! --key:"),
    row("crane", "auth login", LOGIN),
    row("regctl", "registry login", "-u: -p! --user: --pass-stdin<!"),
    row("singularity apptainer", "registry login|remote login", LOGIN),
    row("singularity apptainer", "exec|run", "-B: --bind: --env= 1>"),
    row("lxc incus", "exec", "-T: -t: --env= --user: --cwd: -->"),
    row("multipass limactl", "exec|shell", "--> 1>"),
    row("vagrant", "ssh", "-c$ --command$"),
    row("toolbox", "run", "-c: --container: 0>"),
    row("distrobox", "enter", "-n: --name: --> 1>"),
    row("oc", "login", "-u: -p! --username: --certificate-authority:"),
    row("oc", "rsh", "-c: 1>"),
    row("oc", "new-app|process", "-p= -e= -l: -f: --param= --env= --build-env="),
    row(
        "kubectl oc",
        "create secret generic|create secret docker-registry|create secret",
        "--from-literal=! --docker-username: --docker-email: --docker-server: --from-file: --type:",
    ),
    row("kubectl oc", "create configmap", "--from-literal= --from-file:"),
    row("kubectl oc", "exec", "-c: --container: --> 1>"),
    row("kubectl oc", "run", "-l: --env= --image: --labels: --overrides: --port: --restart: --> 1+"),
    row("kubectl oc", "set env", "-e= --env= --from: --prefix: *="),
    row("kubectl oc", "config set-credentials", "--username: --auth-provider-arg= --exec-env= --exec-arg:"),
    row(
        "kubectl oc",
        "",
        "-n: -s: -l: -f: -o: -c: -p: -v: --namespace: --context: --kubeconfig: --cluster: --user: --server: --as: --selector: \
         --filename: --output: --container: --patch:",
    ),
    row("k3s microk8s minikube rke2", "", "0+"),
    row("kubeadm", "", "--certificate-key! --config:"),
    row("rancher", "login", "-t! --name:"),
    row("helm", "registry login", LOGIN),
    row("helm", "repo add", LOGIN),
    row("helm", "install|upgrade|template|lint|diff upgrade|secrets install|secrets upgrade", VALUES),
    row("helm", "", "-n: --namespace: --kube-context: --kubeconfig: --registry-config: --username:"),
    row("helmfile", "", "-f: -e: -l: -n: --set=, --state-values-set=, --state-values-set-string=,"),
    row("kustomize", "edit add secret", "--from-literal=! --from-file: --type:"),
    row(
        "argocd",
        "app set|app create",
        "-p= --parameter= --helm-set= --helm-set-string= --kustomize-image: --repo: --path: --dest-server:",
    ),
    row("argocd", "", "--username: --account:"),
    row("flux", "", "-p! -u: -n: --username: --url: --path:"),
    row("kubeseal", "", "-n: -o: -w: --raw<! --name: --namespace:"),
];
