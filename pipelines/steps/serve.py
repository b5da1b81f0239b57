"""`adiff serve`: a checkpoint behind OpenAI's chat completions interface."""

from adiff_data.llm import read_key
from pipelines.console import say
from pipelines.options import settings_as_options
from pipelines.settings import ServeSettings


@settings_as_options
def serve(settings: ServeSettings) -> None:
    """Answer at OpenAI's chat completions interface and on a page, until Ctrl-C.

    Example: adiff serve --checkpoint adiff_base.ckpt --port 8000
    """
    from adiff_model.serving.server import serve as serve_checkpoint  # noqa: I001, PLC0415 - first: it names its extra
    from adiff_model.encoding import Reading  # noqa: PLC0415
    from adiff_model.serving.limits import ServingLimits  # noqa: PLC0415

    serve_checkpoint(
        settings.checkpoint,
        host=settings.host,
        port=settings.port,
        device=settings.device,
        reading=Reading(settings.window),
        batch_size=settings.batch_size,
        api_key=read_key(settings.api_key_file, None) if settings.api_key_file else None,
        limits=ServingLimits(
            body=settings.max_body,
            held=settings.max_held,
            answer_seconds=settings.timeout,
            queue=settings.queue,
            clip_seconds=settings.max_seconds,
        ),
        ready=lambda address, model: say(f"{model} answers at {address}/v1, and on the page {address}, until Ctrl-C"),
    )
