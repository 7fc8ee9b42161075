"""The types of model that may be loaded: open, and built into transformers (read in the source of 5.23.0).

A list of what is allowed, not of what is forbidden: a type that nobody here has looked at is refused.
Left out on purpose are types that fetch another model by its name while they load (timm_wrapper, gemma3n,
encoder-decoder, speech-encoder-decoder and the matchers of pictures).
"""

WRITERS = frozenset(
    """
    apertus arcee bamba biogpt bitnet bloom codegen cohere cohere2 dbrx deepseek_v2 deepseek_v3 diffllama doge
    ernie4_5 ernie4_5_moe exaone4 falcon falcon_h1 falcon_mamba flex_olmo gemma gemma2 gemma3 gemma3_text
    gemma3n_text gemma4 gemma4_text glm glm4 glm4_moe glm4_moe_lite gpt2 gpt_bigcode gpt_neo gpt_neox gpt_oss gptj
    granite granitemoe granitemoehybrid granitemoeshared helium hunyuan_v1_dense hunyuan_v1_moe jamba jetmoe lfm2
    lfm2_moe lfm3 llama llama4 llama4_text longcat_flash mamba mamba2 minicpm3 minimax minimax_m2 ministral
    ministral3 mistral mistral4 mixtral modernbert-decoder mpt nanochat nemotron nemotron_h olmo olmo2 olmo3
    olmo_hybrid olmoe openai-gpt opt persimmon phi phi3 phimoe qwen2 qwen2_moe qwen3 qwen3_5 qwen3_5_moe
    qwen3_5_moe_text qwen3_5_text qwen3_moe qwen3_next recurrent_gemma rwkv seed_oss smollm3 stablelm starcoder2
    vaultgemma xglm xlstm zamba zamba2
    """.split()  # noqa: SIM905 - a list of a hundred words reads better so
)
"""They go on from a text."""

READERS = frozenset(
    """
    albert bert big_bird camembert convbert data2vec-text deberta deberta-v2 distilbert electra ernie
    eurobert flaubert fnet funnel gte ibert jina_embeddings_v3 layoutlm longformer luke megatron-bert mobilebert
    modernbert mpnet mra nomic_bert nystromformer rembert roberta roberta-prelayernorm roc_bert roformer splinter
    squeezebert xlm xlm-roberta xlm-roberta-xl xlnet xmod yoso
    """.split()  # noqa: SIM905
)
"""They look at a text as a whole."""

REWRITERS = frozenset(
    """
    bart bigbird_pegasus blenderbot blenderbot-small fsmt led longt5 m2m_100 marian mbart mt5 mvp nllb-moe pegasus
    pegasus_x plbart prophetnet switch_transformers t5 t5gemma umt5
    """.split()  # noqa: SIM905
)
"""They turn one text into another."""

LOOKERS = frozenset(
    """
    beit bit clip convnext convnextv2 cvt data2vec-vision deit dinat dinov2 dinov2_with_registers donut-swin
    efficientnet focalnet hgnet_v2 hiera ijepa imagegpt levit metaclip_2 mobilenet_v1 mobilenet_v2 mobilevit
    mobilevitv2 poolformer pvt pvt_v2 regnet resnet segformer siglip siglip2 swiftformer swin swinv2 textnet vit
    vit_msn
    """.split()  # noqa: SIM905
)
"""They say what a picture shows; the only ones that need no tokenizer."""

LISTENERS = frozenset(
    """
    data2vec-audio hubert moonshine parakeet_ctc sew sew-d speech_to_text speecht5 unispeech unispeech-sat
    wav2vec2 wav2vec2-bert wav2vec2-conformer wavlm whisper
    """.split()  # noqa: SIM905
)
"""They write down what is said."""

PARTS = frozenset(
    """
    clip_text_model clip_vision_model dinov2 gemma4_audio gemma4_vision
    llama4_vision_model metaclip_2_text_model metaclip_2_vision_model qwen3_5_vision siglip_text_model
    siglip_vision_model siglip2_text_model siglip2_vision_model t5_gemma_module
    """.split()  # noqa: SIM905
)
"""Types that stand only inside another model's configuration."""

ALLOWED = WRITERS | READERS | REWRITERS | LOOKERS | LISTENERS
