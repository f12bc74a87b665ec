"""The icons, drawn by us on a 24 grid with one line width. A new icon is a new entry here."""

from __future__ import annotations

ICONS: dict[str, str] = {
    "bell": '<path d="M6 9.5a6 6 0 0 1 12 0c0 5.5 2 6.5 2 7.5H4c0-1 2-2 2-7.5"/><path d="M10 20.5h4"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
    "home": '<path d="M4 11.5 12 5l8 6.5"/><path d="M6.5 10v9.5h11V10"/>',
    "topics": '<path d="M4 6c4 0 4 6 8 6M4 18c4 0 4-6 8-6"/><path d="M12 12h8"/><path d="m17 9 3 3-3 3"/>',
    "record": '<path d="M12 5v14M5 12h14"/>',
    "dot": '<circle cx="12" cy="12" r="5.5" class="fill"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "minus": '<path d="M5 12h14"/>',
    "person": '<circle cx="12" cy="8.5" r="3.8"/><path d="M4.5 20c.8-4 3.7-5.8 7.5-5.8s6.7 1.8 7.5 5.8"/>',
    "people": '<circle cx="9" cy="9" r="3.3"/><path d="M2.8 19c.6-3.5 3-5 6.2-5s5.6 1.5 6.2 5"/>'
    '<path d="M15.5 6.2a3 3 0 0 1 0 5.7M17.5 14.5c2 .6 3.3 2 3.7 4.5"/>',
    "car": '<path d="M4 16.5v-3.8l1.6-.9 2-4.3h8.8l2 4.3 1.6.9v3.8z"/><path d="M5.6 11.8h12.8"/>'
    '<circle cx="7.8" cy="16.8" r="1.9"/><circle cx="16.2" cy="16.8" r="1.9"/>',
    "desk": '<path d="M4 19.5h16"/><path d="M6.5 16v-5M12 16V5.5M17.5 16V9"/>',
    "settings": '<path d="M4 7.5h9M17 7.5h3M4 16.5h3M11 16.5h9"/><circle cx="15" cy="7.5" r="2"/>'
    '<circle cx="9" cy="16.5" r="2"/>',
    "out": '<path d="M14 5H6.5v14H14"/><path d="M10.5 12H20m-3-3 3 3-3 3"/>',
    "in": '<path d="M10 5h7.5v14H10"/><path d="M4 12h9.5m-3-3 3 3-3 3"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "more": '<circle cx="5.5" cy="12" r="1.3" class="fill"/><circle cx="12" cy="12" r="1.3" class="fill"/>'
    '<circle cx="18.5" cy="12" r="1.3" class="fill"/>',
    "grip": '<circle cx="9" cy="6.5" r="1.2" class="fill"/><circle cx="15" cy="6.5" r="1.2" class="fill"/>'
    '<circle cx="9" cy="12" r="1.2" class="fill"/><circle cx="15" cy="12" r="1.2" class="fill"/>'
    '<circle cx="9" cy="17.5" r="1.2" class="fill"/><circle cx="15" cy="17.5" r="1.2" class="fill"/>',
    "left": '<path d="m14.5 5.5-6.5 6.5 6.5 6.5"/>',
    "right": '<path d="m9.5 5.5 6.5 6.5-6.5 6.5"/>',
    "down": '<path d="m5.5 9.5 6.5 6.5 6.5-6.5"/>',
    "up": '<path d="m5.5 14.5 6.5-6.5 6.5 6.5"/>',
    "reply": '<path d="m9.5 6-5.5 5 5.5 5"/><path d="M4.5 11H14c4 0 6 2.5 6 7"/>',
    "quote": '<path d="M9.5 7C6.5 8 5 10.5 5 14v3h4.5v-4.5H7M18.5 7c-3 1-4.5 3.5-4.5 7v3h4.5v-4.5H16"/>',
    "edit": '<path d="M5 19h3.5L19 8.5 15.5 5 5 15.5z"/><path d="m13 7.5 3.5 3.5"/>',
    "delete": '<path d="M5 7.5h14M9.5 7.5V5h5v2.5M7 7.5l.8 12h8.4l.8-12"/><path d="M10.5 11v5M13.5 11v5"/>',
    "flag": '<path d="M6 20.5V4.5"/><path d="M6 5.5h11.5l-2.5 4 2.5 4H6"/>',
    "link": '<path d="M10 14a3.8 3.8 0 0 0 5.5 0l3-3a3.9 3.9 0 0 0-5.5-5.5l-1 1"/>'
    '<path d="M14 10a3.8 3.8 0 0 0-5.5 0l-3 3a3.9 3.9 0 0 0 5.5 5.5l1-1"/>',
    "share": '<path d="M12 15V4.5m-3.5 3L12 4l3.5 3.5"/><path d="M7.5 11H5.5v9h13v-9h-2"/>',
    "qr": '<path d="M4.5 4.5h6v6h-6zM13.5 4.5h6v6h-6zM4.5 13.5h6v6h-6z"/><path d="M13.5 13.5h2v2M19.5 13.5v3M13.5 19.5h3M19.5 19.5v.01"/>',
    "photo": '<rect x="4" y="5.5" width="16" height="13" rx="2"/><circle cx="9" cy="10" r="1.5"/>'
    '<path d="m4.5 17 5-4.5 3.5 3 3-2.5 3.5 3"/>',
    "video": '<rect x="3.5" y="6.5" width="11.5" height="11" rx="2"/><path d="m15 11 5.5-3v8L15 13"/>',
    "microphone": '<rect x="9" y="3.5" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v2.5"/>',
    "muted": '<path d="M9 9.5V6.5a3 3 0 0 1 6 0v5M9.5 13a3 3 0 0 0 3.5 1.3M5.5 11.5a6.5 6.5 0 0 0 10 5.4M18 14a6 6 0 0 0 .5-2.5M12 18v2.5"/>'
    '<path d="m4.5 4.5 15 15"/>',
    "screen": '<rect x="3.5" y="5" width="17" height="11.5" rx="2"/><path d="M8.5 20h7M12 16.5V20"/>',
    "sound": '<path d="M4.5 9.5v5H8l5 4v-13l-5 4z"/><path d="M16 9a4.2 4.2 0 0 1 0 6M18.3 6.7a7.5 7.5 0 0 1 0 10.6"/>',
    "larger": '<path d="M14 5h5v5M19 5l-6 6M10 19H5v-5M5 19l6-6"/>',
    "play": '<path d="M8 5.5v13l10.5-6.5z"/>',
    "clock": '<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3 2"/>',
    "place": '<path d="M12 21c4.5-4.8 6.5-8 6.5-11a6.5 6.5 0 0 0-13 0c0 3 2 6.2 6.5 11z"/><circle cx="12" cy="10" r="2.3"/>',
    "warn": '<path d="M12 4.5 21 19.5H3z"/><path d="M12 10v4.5M12 17v.01"/>',
    "info": '<circle cx="12" cy="12" r="8"/><path d="M12 11v5M12 8v.01"/>',
    "lock": '<rect x="5.5" y="10.5" width="13" height="9" rx="2"/><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5"/>',
    "pin": '<path d="M9 4.5h6l-.8 5.5 2.8 3H7l2.8-3z"/><path d="M12 13v7"/>',
    "eye": '<path d="M3 12c2.5-4.3 5.5-6 9-6s6.5 1.7 9 6c-2.5 4.3-5.5 6-9 6s-6.5-1.7-9-6z"/><circle cx="12" cy="12" r="2.5"/>',
    "follow": '<path d="M7 4.5h10v15l-5-3.5-5 3.5z"/>',
    "thanks": '<path d="M12 19.5c-5-3.6-7.5-6.4-7.5-9.5A4 4 0 0 1 12 8a4 4 0 0 1 7.5 2c0 3.1-2.5 5.9-7.5 9.5z"/>',
    "sun": '<circle cx="12" cy="12" r="3.8"/><path d="M12 3.5v2M12 18.5v2M3.5 12h2M18.5 12h2M6 6l1.4 1.4M16.6 16.6 18 18M18 6l-1.4 1.4M7.4 16.6 6 18"/>',
    "moon": '<path d="M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z"/>',
    "auto": '<circle cx="12" cy="12" r="7.5"/><path d="M12 4.5a7.5 7.5 0 0 1 0 15z" class="fill"/>',
    "bold": '<path d="M7.5 5h5.5a3.3 3.3 0 0 1 0 6.7H7.5zM7.5 11.7H14a3.6 3.6 0 0 1 0 7.3H7.5z"/>',
    "heading": '<path d="M6 5v14M16 5v14M6 12h10"/>',
    "footnote": '<path d="M4 7h9M4 12h9M4 17h9"/><path d="M18 4v7M16 6l2-2"/>',
    "italic": '<path d="M10 5h7M7 19h7M14 5l-4 14"/>',
    "list": '<path d="M9.5 6.5H20M9.5 12H20M9.5 17.5H20M5 6.5v.01M5 12v.01M5 17.5v.01"/>',
    "code": '<path d="m8.5 7.5-4.5 4.5 4.5 4.5M15.5 7.5 20 12l-4.5 4.5"/>',
    "upload": '<path d="M12 16V5m-4 3.8L12 5l4 3.8"/><path d="M4.5 15.5v4h15v-4"/>',
    "download": '<path d="M12 5v11m-4-3.8 4 3.8 4-3.8"/><path d="M4.5 15.5v4h15v-4"/>',
    "offline": '<path d="M4 9.5a12 12 0 0 1 4-2.5M12 6c3 0 5.8 1.3 8 3.5M7 13c.8-.8 1.7-1.4 2.7-1.7M14 11.3c1.1.3 2.1.9 3 1.7M12 17.5v.01M4 4l16 16"/>',
    "retry": '<path d="M19 12a7 7 0 1 1-2.2-5.1"/><path d="M19 4.5v4h-4"/>',
    "history": '<path d="M5 12a7 7 0 1 0 2.2-5.1"/><path d="M5 4.5v4h4M12 8.5V12l2.5 1.7"/>',
    "filter": '<path d="M4.5 6h15l-6 7v5.5l-3 1.5v-7z"/>',
    "chat": '<path d="M4.5 5.5h15v11h-8l-4 3.5v-3.5h-3z"/>',
    "lens": '<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5M8 12v-1.5M10.5 12V8.5M13 12v-2.5"/>',
    "shield": '<path d="M12 3.5 19 6v5.5c0 4.3-2.7 7.3-7 9-4.3-1.7-7-4.7-7-9V6z"/><path d="m9 12 2.2 2.2L15.2 10"/>',
    "star": '<path d="m12 4.5 2.3 4.9 5.2.7-3.8 3.7.9 5.3L12 16.5l-4.6 2.6.9-5.3L4.5 10.1l5.2-.7z"/>',
    "official": '<circle cx="12" cy="10" r="5.5"/><path d="m9.8 10.2 1.6 1.6 2.9-3.1M9 15l-1.5 5.5 4.5-2 4.5 2L15 15"/>',
    "sparkle": '<path d="M12 4.5c.7 4.3 2.7 6.8 7 7.5-4.3.7-6.3 3.2-7 7.5-.7-4.3-2.7-6.8-7-7.5 4.3-.7 6.3-3.2 7-7.5z"/>',
}

# Two words for one drawing.
ICONS["trash"] = ICONS["delete"]
ICONS["bookmark"] = ICONS["follow"]
