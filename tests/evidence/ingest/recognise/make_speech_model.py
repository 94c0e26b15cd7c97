"""Make the tiny speech model of the tests anew: ``python -m …make_speech_model FOLDER``.

It has the inputs, outputs and metadata of a SenseVoice model, so that the real engine loads and
runs it, and it "hears" 你好 wherever the sound is loud and nothing where it is quiet. Needs the
package ``onnx``, which is why the result (a few hundred bytes) is committed. It refuses to
overwrite.
"""

import sys
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

TOKENS = ("<blank>", "<|zh|>", "<|NEUTRAL|>", "<|Speech|>", "<|woitn|>", "你", "好", "。")
FEATURES = 560
LOUD = 5.0
"""Mean of the features above which the model hears something; found by trying."""


def main(folder: Path) -> None:
    """Write ``model.onnx`` and ``tokens.txt``."""
    folder.mkdir(parents=True, exist_ok=True)
    model, tokens = folder / "model.onnx", folder / "tokens.txt"
    if model.exists() or tokens.exists():
        raise SystemExit(f"{folder} has a model already; it is not overwritten")
    model.write_bytes(_model().SerializeToString())
    lines = (f"{token} {number}" for number, token in enumerate(TOKENS))
    tokens.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _model() -> onnx.ModelProto:
    size = len(TOKENS)
    prompt = numpy.full((1, 4, size), -10, dtype=numpy.float32)
    for place in range(4):
        prompt[0, place, 1 + place] = 10
    weights = numpy.zeros((1, size), dtype=numpy.float32)
    weights[0, 5] = 1.0  # 你 grows with loudness
    bias = numpy.full(size, -100, dtype=numpy.float32)
    bias[0], bias[5] = LOUD, 0.0  # blank wins below LOUD
    tensors = [
        numpy_helper.from_array(prompt, "prompt"),
        numpy_helper.from_array(weights, "weights"),
        numpy_helper.from_array(bias, "bias"),
        numpy_helper.from_array(numpy.array([2], dtype=numpy.int64), "axis"),
        numpy_helper.from_array(numpy.array([4], dtype=numpy.int32), "four"),
    ]
    nodes = [
        helper.make_node("ReduceMean", ["x", "axis"], ["mean"], keepdims=1),
        helper.make_node("MatMul", ["mean", "weights"], ["scaled"]),
        helper.make_node("Add", ["scaled", "bias"], ["heard"]),
        helper.make_node("Concat", ["prompt", "heard"], ["logits"], axis=1),
        helper.make_node("Add", ["x_length", "four"], ["logits_length"]),
        helper.make_node("Identity", ["language"], ["unused_language"]),
        helper.make_node("Identity", ["text_norm"], ["unused_text_norm"]),
    ]
    graph = helper.make_graph(
        nodes,
        "loudness",
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, "T", FEATURES]),
            helper.make_tensor_value_info("x_length", TensorProto.INT32, [1]),
            helper.make_tensor_value_info("language", TensorProto.INT32, [1]),
            helper.make_tensor_value_info("text_norm", TensorProto.INT32, [1]),
        ],
        [
            helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, "L", size]),
            helper.make_tensor_value_info("logits_length", TensorProto.INT32, [1]),
        ],
        tensors,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    metadata = {
        "model_type": "sense_voice_ctc",
        "comment": "tests only: hears loudness",
        "vocab_size": str(size),
        "normalize_samples": "0",
        "lfr_window_size": "7",
        "lfr_window_shift": "6",
        "lang_auto": "0",
        "lang_zh": "3",
        "lang_en": "4",
        "lang_yue": "7",
        "lang_ja": "11",
        "lang_ko": "12",
        "lang_nospeech": "13",
        "with_itn": "14",
        "without_itn": "15",
        "neg_mean": ",".join(["0"] * FEATURES),
        "inv_stddev": ",".join(["1"] * FEATURES),
    }
    helper.set_model_props(made, metadata)
    return made


if __name__ == "__main__":
    main(Path(sys.argv[1]))
