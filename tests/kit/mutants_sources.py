"""Sources that are wrong in one way."""

from __future__ import annotations

from tests.kit import sound
from tests.kit.mutants import SoundPlugins, plugin

SOUND_PLUGINS: SoundPlugins = {
    "source": (plugin(config=sound.Config, sources=[sound.SOURCE], simulators=[sound.SIMULATOR]), None)
}
