"""Muse on Slack: events in, commands to the core, its cards drawn as Block Kit."""
