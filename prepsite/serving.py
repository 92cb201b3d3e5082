"""How gunicorn serves: its configuration file, driven by the environment like the settings.

One process with threads by default: a warm sandbox belongs to a process, so a laptop keeps one and not several.
"""

from prepsite.environment import Environment

env = Environment()

HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)

bind = f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}"
worker_class = "gthread"
workers = env.int("WEB_WORKERS", default=1)
threads = env.int("WEB_THREADS", default=8)
# Grading runs within the request when there is no queue, and a lab may take its whole wall-clock limit.
timeout = env.int("WEB_TIMEOUT_SECONDS", default=120)
graceful_timeout = 10  # seconds
keepalive = 5  # seconds
# The access log belongs to the proxy; here only what went wrong is news.
loglevel = "warning"
control_socket_disable = True
