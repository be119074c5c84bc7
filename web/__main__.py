"""`python -m web` serves the app; see `web.server.serve`."""

from app import create_app
from web.server.serve import serve

if __name__ == "__main__":
    serve(create_app)
