"""One module, or one folder, a format; each has a function `render` (`export.source.Renderer`)."""
