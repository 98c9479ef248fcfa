from ui.formats.zh_Hans.formats import *  # noqa: F403  年月日 are written alike
