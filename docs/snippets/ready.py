import os
import socket


def notify(what: str) -> None:
    """Tells whoever started this process how it is: READY=1, STOPPING=1, STATUS=..."""
    path = os.environ.get("NOTIFY_SOCKET")
    if path:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(what.encode(), path)
