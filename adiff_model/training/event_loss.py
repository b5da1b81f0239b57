"""How far an encoder's events are from those that are known."""

import torch
from torch import nn
from torch.nn import functional

_SOUNDS = 0.5  # of a moment's frames, from which a class sounds in it
_PRESENT = 0.03  # of a clip's frames


class EventLoss(nn.Module):
    """Cross-entropy of the clips' and of their moments' events, over all that the head tells.

    Args:
        labelled: classes that have labels: what the sum over all classes is divided by.
    """

    def __init__(self, encoder: nn.Module, event_head: nn.Module, labelled: int) -> None:
        super().__init__()
        self.encoder, self.event_head, self._labelled = encoder, event_head, labelled

    def forward(self, spectrogram: torch.Tensor, active: torch.Tensor) -> torch.Tensor:
        """The loss of (clips, 1, frames, mels) in dB with (clips, told, frames), bool."""
        moments = self.event_head.moments(self.encoder(input_features=spectrogram).last_hidden_state)
        return event_loss(self.event_head, moments, active, self._labelled)


def event_loss(head: nn.Module, moments: torch.Tensor, active: torch.Tensor, labelled: int) -> torch.Tensor:
    """As `EventLoss`, from the head's logits (clips, told, times)."""
    moments, shares = moments.float(), active.float()
    with torch.autocast(moments.device.type, enabled=False):
        whole = functional.binary_cross_entropy(
            head.pooled(moments), (shares.mean(dim=2) > _PRESENT).float(), reduction="sum"
        )
        heard = (functional.adaptive_avg_pool1d(shares, moments.shape[2]) > _SOUNDS).float()
        each = functional.binary_cross_entropy_with_logits(moments, heard, reduction="sum") / moments.shape[2]
    return (whole + each) / (len(moments) * labelled)
