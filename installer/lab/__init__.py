"""A Windows machine without Windows: Wine, and the Windows Python that builds and tries the installer."""
