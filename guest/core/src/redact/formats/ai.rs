//! AI providers.

use super::alphabet::{ALNUM, ALPHA, HEX, LOWER_ALNUM, LOWER_BASE32, LOWER_HEX, PADDED, WORD};
use super::shape::{Proof, UUID, between, exact, open, text};
use super::{Format, bare, format, shape};

pub(super) const FORMATS: &[Format] = &[
    // OpenRouter docs, "Detected secret formats" (prefix, ending in AA); length: public scanners
    // Public scanners
    format(
        "anthropic-key",
        "Anthropic",
        &[
            shape(&["sk-ant-api03-", "sk-ant-admin01-"], &[exact(WORD, 93), text("AA")]),
            shape(&["sk-ant-oat01-", "sk-ant-ort01-", "sk-ant-sid01-", "sk-ant-sid02-"], &[between(WORD, 40, 140)])
                .proof(Proof::Mixed),
        ],
    ),
    // Public scanners
    format(
        "assemblyai-api-key",
        "AssemblyAI",
        &[bare(&[exact(LOWER_HEX, 32)]).near("assemblyai|assembly_ai|aai_ & key|token").proof(Proof::Both)],
    ),
    // Public scanners
    format(
        "azure-ai-key",
        "Azure AI services",
        &[bare(&[exact(LOWER_HEX, 32)])
            .near("azure_openai|azureopenai|openai.azure.com|cognitiveservices|ocp-apim")
            .proof(Proof::Both)],
    ),
    // Public scanners
    format(
        "brave-search-key",
        "Brave Search",
        &[shape(&["BSA"], &[between(WORD, 24, 40)]).tight().proof(Proof::Mixed)],
    ),
    // Public scanners
    format("cerebras-api-key", "Cerebras", &[shape(&["csk-"], &[exact(LOWER_ALNUM, 48)]).tight().proof(Proof::Both)]),
    // Public scanners
    format("cohere-api-key", "Cohere", &[bare(&[exact(ALNUM, 40)]).near("cohere|co_api_key").proof(Proof::Mixed)]),
    // Public scanners
    format("cursor-api-key", "Cursor", &[shape(&["key_"], &[exact(LOWER_HEX, 64)]).tight().proof(Proof::Both)]),
    // Public scanners
    format(
        "deepgram-api-key",
        "Deepgram",
        &[bare(&[exact(LOWER_HEX, 40)]).near("deepgram & key|token").proof(Proof::Both)],
    ),
    // Public scanners
    format(
        "devin-key",
        "Cognition Devin",
        &[
            shape(&["apk_user_"], &[between(PADDED, 120, 182)]),
            shape(&["cog_"], &[exact(LOWER_BASE32, 52)]).tight().proof(Proof::Digit),
        ],
    ),
    // Public scanners
    format("e2b-api-key", "E2B", &[shape(&["e2b_"], &[exact(LOWER_HEX, 40)]).tight().proof(Proof::Both)]),
    // Public scanners
    format("elevenlabs-api-key", "ElevenLabs", &[shape(&["sk_"], &[exact(LOWER_HEX, 48)]).tight().proof(Proof::Both)]),
    // Fal docs, "Authentication" (key id and secret around a colon) (not read); parts
    format(
        "fal-api-key",
        "fal",
        &[bare(&[
            exact(LOWER_HEX, 8),
            text("-"),
            exact(LOWER_HEX, 4),
            text("-"),
            exact(LOWER_HEX, 4),
            text("-"),
            exact(LOWER_HEX, 4),
            text("-"),
            exact(LOWER_HEX, 12),
            text(":"),
            exact(LOWER_HEX, 32),
        ])
        .near("fal_key|fal-key|fal_ai|fal.ai")],
    ),
    // Public scanners
    format("firecrawl-api-key", "Firecrawl", &[shape(&["fc-"], &[exact(HEX, 32)]).tight().proof(Proof::Both)]),
    // As commonly seen
    format(
        "fireworks-api-key",
        "Fireworks AI",
        &[shape(&["fw_"], &[between(ALNUM, 22, 24)]).tight().proof(Proof::Mixed)],
    ),
    // Google AI developers' forum, staff answers on auth keys (`AQ.`) against standard keys (`AIza`); length
    format(
        "google-gemini-auth-key",
        "Google",
        &[shape(&["AQ.Ab"], &[between(WORD, 40, 80)]).tight().proof(Proof::Mixed)],
    ),
    // Public scanners
    format("groq-api-key", "Groq", &[shape(&["gsk_"], &[exact(ALNUM, 52)]).tight().proof(Proof::Mixed)]),
    // OpenRouter docs, "Detected secret formats"; Hugging Face docs, "User access tokens" (hf_); length: public
    // scanners
    // Public scanners
    format(
        "huggingface-token",
        "Hugging Face",
        &[shape(&["hf_"], &[exact(ALPHA, 34)]).tight(), shape(&["api_org_"], &[exact(ALPHA, 34)])],
    ),
    // As commonly seen
    format("jina-api-key", "Jina AI", &[shape(&["jina_"], &[exact(LOWER_HEX, 32), exact(WORD, 28)]).tight()]),
    // Langfuse docs, "API keys" (sk-lf-) (not read); UUID: as commonly seen
    format("langfuse-secret-key", "Langfuse", &[shape(&["sk-lf-"], UUID).tight()]),
    // Public scanners
    // As commonly seen
    format(
        "langsmith-key",
        "LangSmith",
        &[
            shape(&["lsv2_pt_", "lsv2_sk_"], &[exact(LOWER_HEX, 32), text("_"), exact(LOWER_HEX, 10)]),
            shape(&["ls__"], &[exact(LOWER_HEX, 32)]).tight().proof(Proof::Both),
        ],
    ),
    // Public scanners
    format("minimax-api-key", "MiniMax", &[shape(&["sk-api-"], &[exact(WORD, 119)])]),
    // Public scanners
    format("mistral-api-key", "Mistral AI", &[bare(&[exact(ALNUM, 32)]).near("mistral & key").proof(Proof::Both)]),
    // Public scanners
    format("nvidia-api-key", "NVIDIA", &[shape(&["nvapi-"], &[between(WORD, 60, 70)]).tight().proof(Proof::Mixed)]),
    // OpenRouter docs, "Detected secret formats" (sk- with the T3BlbkFJ marker); parts: public scanners
    // OpenRouter docs, "Detected secret formats" (prefix and T3BlbkFJ marker); parts: public scanners
    format(
        "openai-key",
        "OpenAI",
        &[
            shape(&["sk-"], &[exact(ALNUM, 20), text("T3BlbkFJ"), exact(ALNUM, 20)]).tight(),
            shape(&["sk-proj-", "sk-svcacct-", "sk-admin-"], &[open(WORD, 48)]),
        ],
    ),
    // OpenRouter docs, "Detected secret formats" (sk-or-v1- and 64 hex)
    format("openrouter-key", "OpenRouter", &[shape(&["sk-or-v1-"], &[exact(LOWER_HEX, 64)])]),
    // Public scanners
    format("perplexity-api-key", "Perplexity", &[shape(&["pplx-"], &[between(ALNUM, 48, 53)]).tight()]),
    // Public scanners
    format(
        "pinecone-key",
        "Pinecone",
        &[
            shape(&["pcsk_"], &[between(ALNUM, 5, 6), text("_"), between(ALNUM, 60, 64)]).tight(),
            bare(UUID).near("pinecone & key"),
        ],
    ),
    // Public scanners
    format("replicate-token", "Replicate", &[shape(&["r8_"], &[exact(ALNUM, 37)]).tight().proof(Proof::Mixed)]),
    // As commonly seen
    format("runpod-key", "RunPod", &[shape(&["rpa_"], &[between(ALNUM, 40, 50)]).tight().proof(Proof::Both)]),
    // OpenAI API reference, "Authentication", and Anthropic API docs (not read); vendors without a shape of their own
    format(
        "sk-key",
        "OpenAI, Anthropic and others",
        &[
            shape(&["sk-"], &[open(WORD, 20)]).tight().proof(Proof::Random),
            shape(&["sk-ant-", "sk-proj-", "sk-or-", "sk-svcacct-", "sk-admin-"], &[open(WORD, 16)])
                .proof(Proof::Digit),
        ],
    ),
    // Tavily docs, "Quickstart" (tvly- and tvly-dev-) (not read); length
    format(
        "tavily-api-key",
        "Tavily",
        &[shape(&["tvly-", "tvly-dev-", "tvly-prod-"], &[between(ALNUM, 20, 40)]).tight().proof(Proof::Mixed)],
    ),
    // Public scanners
    format("together-key", "Together AI", &[shape(&["tgp_v1_"], &[exact(WORD, 43)])]),
    // Public scanners
    format("voyage-api-key", "Voyage AI", &[shape(&["pa-", "al-"], &[exact(WORD, 43)]).tight().proof(Proof::Mixed)]),
    // As commonly seen
    // Public scanners
    format(
        "wandb-key",
        "Weights & Biases",
        &[
            shape(&["wandb_v1_"], &[between(WORD, 60, 90)]).proof(Proof::Mixed),
            bare(&[exact(LOWER_HEX, 40)]).near("wandb|weights_and_biases & key|login").proof(Proof::Both),
        ],
    ),
    // As commonly seen
    format("xai-api-key", "xAI", &[shape(&["xai-"], &[between(ALNUM, 70, 90)]).tight().proof(Proof::Mixed)]),
];
