"""How it is put together: settings from the environment, urls, wsgi."""
