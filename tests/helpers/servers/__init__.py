"""Real servers on this machine: the app, nginx, Redis, tile servers, and their visitors."""
