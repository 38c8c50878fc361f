"""French dates as people type them; browsers' date fields send ISO dates."""

DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d %m %Y", "%d.%m.%Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%Hh%M", "%H h %M", "%H:%M:%S"]
DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "d/m/Y"
