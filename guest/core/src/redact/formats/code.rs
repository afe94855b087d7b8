//! Code hosts, CI and package registries.

use super::alphabet::{
    ALNUM, BASE64, DIGITS, DOTTED, HEX, LOWER_ALNUM, LOWER_BASE32, LOWER_HEX, UPPER_ALNUM, UPPER_HEX, WORD,
};
use super::checksum::Checksum;
use super::shape::{Proof, UUID, between, exact, open, text};
use super::{Format, bare, format, shape};

pub(super) const FORMATS: &[Format] = &[
    // Public scanners
    format(
        "aikido-token",
        "Aikido",
        &[shape(&["AIK_SECRET_"], &[exact(ALNUM, 64)]), shape(&["AIK_CI_"], &[between(ALNUM, 20, 44)])],
    ),
    // Public scanners
    // JFrog docs, "Reference tokens" (not read); the prefix is base64 of `reftkn`
    format(
        "artifactory-token",
        "JFrog",
        &[
            shape(&["AKCp"], &[between(ALNUM, 68, 70)]).tight().proof(Proof::Mixed),
            shape(&["cmVmdGtu"], &[exact(ALNUM, 56)]).proof(Proof::Mixed),
        ],
    ),
    // Microsoft Purview docs, "Azure DevOps personal access token", Pattern (84 characters, AZDO behind the
    // 76th)
    // Microsoft, security-utilities, precisely classified keys (legacy PAT)
    format(
        "azure-devops-token",
        "Azure DevOps",
        &[
            bare(&[exact(ALNUM, 76), text("AZDO"), exact(ALNUM, 4)]),
            bare(&[exact(LOWER_BASE32, 52)])
                .near("azure_devops|azuredevops|azdo|ado_pat|dev.azure.com|visualstudio.com")
                .proof(Proof::Digit),
        ],
    ),
    // Atlassian community, staff answer on Bitbucket's token prefixes (not read); checksum: public scanners
    // Atlassian documentation, "HTTP access tokens" (not read); length: public scanners
    format(
        "bitbucket-token",
        "Atlassian Bitbucket",
        &[
            shape(&["ATBB"], &[exact(ALNUM, 24), exact(UPPER_HEX, 8)]).tight().sum(Checksum::UpperHexWhole),
            shape(&["ATCTT3"], &[between(WORD, 80, 800), text("="), exact(UPPER_HEX, 8)])
                .tight()
                .sum(Checksum::UpperHexWhole),
            shape(&["BBDC-"], &[exact(BASE64, 44)]).tight().proof(Proof::Mixed),
        ],
    ),
    // Buildkite docs, Platform, "Token security", Supported Buildkite tokens (prefix); length
    format(
        "buildkite-token",
        "Buildkite",
        &[shape(&["bkua_", "bkaa_", "bkaj_", "bkct_"], &[between(ALNUM, 40, 128)]).tight().proof(Proof::Both)],
    ),
    // Public scanners
    format(
        "circleci-token",
        "CircleCI",
        &[
            shape(&["CCIPAT_", "CCIPRJ_"], &[exact(ALNUM, 22), text("_"), exact(LOWER_HEX, 40)]),
            bare(&[exact(LOWER_HEX, 40)]).near("circleci|circle_token|circle-token & token|key").proof(Proof::Both),
        ],
    ),
    // Clojars wiki, "Deploy tokens" (not read); length: public scanners
    format("clojars-token", "Clojars", &[shape(&["CLOJARS_"], &[exact(LOWER_HEX, 60)])]),
    // Public scanners
    format("codecov-token", "Codecov", &[bare(UUID).near("codecov & token")]),
    // Crates.io source, util/token (prefix cio, 32 letters and digits)
    format("crates-io-token", "crates.io", &[shape(&["cio"], &[exact(ALNUM, 32)]).tight().proof(Proof::Mixed)]),
    // Public scanners
    format(
        "deno-deploy-token",
        "Deno Deploy",
        &[shape(&["ddp_", "ddo_"], &[exact(ALNUM, 36)]).tight().proof(Proof::Mixed)],
    ),
    // Docker docs, "Personal access tokens" (not read); shape: public scanners
    // Docker docs, "Organization access tokens" (not read); shape: public scanners
    format(
        "docker-token",
        "Docker Hub",
        &[shape(&["dckr_pat_"], &[exact(WORD, 27)]), shape(&["dckr_oat_"], &[exact(WORD, 32)])],
    ),
    // Public scanners
    format("drone-token", "Drone", &[bare(&[exact(ALNUM, 32)]).near("drone & token|secret").proof(Proof::Both)]),
    // Public scanners
    format("endor-key", "Endor Labs", &[shape(&["endr+"], &[exact(ALNUM, 16)]).tight()]),
    // Public scanners
    format(
        "gitea-token",
        "Gitea, Forgejo, Codeberg",
        &[bare(&[exact(LOWER_HEX, 40)]).near("gitea|forgejo|codeberg & token|secret|password").proof(Proof::Both)],
    ),
    // GitHub docs and blog, "Behind GitHub's new authentication token formats", "Authentication token format
    // updates" (36 today, up to 251 to be expected)
    // GitHub docs and blog, "Behind GitHub's new authentication token formats", "Authentication token format
    // updates"
    // GitHub docs, "Generating an installation access token for a GitHub App" (stateless format ghs_APPID_JWT,
    // from April 2026)
    // GitHub docs and blog, "Behind GitHub's new authentication token formats", "Authentication token format
    // updates" (prefix); parts: public scanners
    // GitHub docs, older installation tokens (v1. and 40 hex) (not read)
    format(
        "github-token",
        "GitHub",
        &[
            shape(&["ghp_"], &[between(ALNUM, 36, 251)]).sum(Checksum::Base62),
            shape(&["gho_", "ghu_", "ghr_"], &[between(ALNUM, 36, 251)]).tight().sum(Checksum::Base62),
            shape(&["ghs_"], &[between(ALNUM, 36, 251)]).tight(),
            shape(&["ghs_"], &[between(DIGITS, 1, 12), text("_eyJ"), open(DOTTED, 100)]).tight(),
            shape(&["github_pat_"], &[exact(ALNUM, 22), text("_"), exact(ALNUM, 59)]),
            shape(&["v1."], &[exact(LOWER_HEX, 40)]).tight().proof(Proof::Both),
        ],
    ),
    // GitLab docs, "GitLab token overview", section Token prefixes; merge request "Add support :routable_token
    // option" (20 characters by example)
    // GitLab handbook, design document "Routable tokens"; merge request "Make PersonalAccessToken#token
    // routable"
    // GitLab handbook, design document "Routable tokens"
    // GitLab docs, "GitLab token overview", section Token prefixes (prefix); length: public scanners
    // GitLab docs, "GitLab token overview", Runner registration tokens; prefix: public scanners
    // GitLab docs, "GitLab token overview", section Token prefixes (prefix); length: public scanners; JWT form
    // GitLab docs, "GitLab token overview", section Token prefixes (prefix); length: public scanners (from
    // 18.2); length
    format(
        "gitlab-token",
        "GitLab",
        &[
            shape(&["glpat-", "gldt-", "glrt-", "glrtr-"], &[exact(WORD, 20)]).tight(),
            shape(&["glpat-"], &[between(WORD, 27, 300), text(".01."), exact(LOWER_ALNUM, 9)])
                .tight()
                .sum(Checksum::Base36Whole),
            shape(&["glpat-"], &[between(WORD, 27, 300), text("."), exact(LOWER_ALNUM, 9)]).tight(),
            shape(&["glrt-t"], &[exact(DIGITS, 1), text("_"), exact(WORD, 20)]).tight(),
            shape(
                &["glrt-t"],
                &[exact(DIGITS, 1), text("_"), between(WORD, 27, 300), text("."), between(DOTTED, 9, 12)],
            )
            .tight(),
            shape(&["GR1348941", "glsoat-", "glffct-"], &[exact(WORD, 20)]),
            shape(&["glcbt-"], &[between(HEX, 1, 5), text("_"), exact(WORD, 20)]).tight(),
            shape(&["glcbt-eyJ"], &[open(DOTTED, 60)]),
            shape(&["glptt-"], &[exact(LOWER_HEX, 40)]).tight(),
            shape(&["glft-"], &[between(WORD, 20, 100)]).tight(),
            shape(&["glimt-"], &[exact(WORD, 25)]).tight(),
            shape(&["glagent-"], &[exact(WORD, 50)]),
            shape(&["gloas-"], &[exact(LOWER_HEX, 64)]).tight(),
            shape(&["glwt-"], &[between(WORD, 20, 60)]).tight(),
        ],
    ),
    // Public scanners
    format(
        "harness-token",
        "Harness",
        &[shape(&["pat.", "sat."], &[exact(WORD, 22), text("."), exact(LOWER_HEX, 24), text("."), exact(ALNUM, 20)])
            .tight()],
    ),
    // Public scanners
    format("infracost-token", "Infracost", &[shape(&["ico-"], &[exact(ALNUM, 32)]).tight().proof(Proof::Mixed)]),
    // As commonly seen
    format(
        "jenkins-api-token",
        "Jenkins",
        &[bare(&[text("11"), exact(LOWER_HEX, 32)]).near("jenkins & token|password|key")],
    ),
    // GitHub changelog, "npm has a new access token format" (npm_, checksum as GitHub's) (not read)
    // Public scanners
    format(
        "npm-token",
        "npm",
        &[
            shape(&["npm_"], &[exact(ALNUM, 36)]).tight().sum(Checksum::Base62),
            bare(UUID).near("_authtoken|npm_token|npm-token"),
        ],
    ),
    // Microsoft, security-utilities, precisely classified keys (NuGet API key)
    format("nuget-api-key", "NuGet", &[shape(&["oy2"], &[exact(LOWER_BASE32, 43)]).tight().proof(Proof::Digit)]),
    // Public scanners
    format(
        "octopus-api-key",
        "Octopus Deploy",
        &[shape(&["API-"], &[between(UPPER_ALNUM, 25, 29)]).tight().proof(Proof::Both)],
    ),
    // PyPI help, "How can I use API tokens" (pypi-) (not read); the rest is base64 of a macaroon's head with
    // pypi.org in it
    // PyPI help (not read); as above with test.pypi.org
    format(
        "pypi-token",
        "PyPI",
        &[shape(&["pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw"], &[between(WORD, 50, 1000)])],
    ),
    // RubyGems guides, "API key scopes" (not read); RubyGems.org source (rubygems_ and 24 random bytes in hex)
    format("rubygems-key", "RubyGems", &[shape(&["rubygems_"], &[exact(LOWER_HEX, 48)])]),
    // Public scanners
    format("snyk-token", "Snyk", &[bare(UUID).near("snyk & token|key")]),
    // SonarQube docs, "Managing your tokens" (not read); shape: public scanners
    format("sonar-token", "SonarQube", &[shape(&["squ_", "sqp_", "sqa_"], &[exact(LOWER_HEX, 40)]).tight()]),
    // Sourcegraph docs, "Creating an access token" (sgp_) (not read); parts: public scanners
    format(
        "sourcegraph-token",
        "Sourcegraph",
        &[
            shape(&["sgp_", "sgp_local_"], &[exact(LOWER_HEX, 40)]).tight(),
            shape(&["sgp_"], &[exact(LOWER_HEX, 16), text("_"), exact(LOWER_HEX, 40)]).tight(),
        ],
    ),
    // Public scanners
    format("travis-token", "Travis CI", &[bare(&[between(WORD, 20, 22)]).near("travis & token").proof(Proof::Mixed)]),
];
