"""How well a model and the whole path behind it understand a home: suites, comparison, figures."""
