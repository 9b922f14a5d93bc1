from contextlib import asynccontextmanager

from ready import notify


@asynccontextmanager
async def lifespan(app):
    # Open the database, fill the caches, load the model.
    notify("READY=1")
    yield
    notify("STOPPING=1")
