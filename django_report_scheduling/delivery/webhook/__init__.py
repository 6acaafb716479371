"""Webhooks: signed events to https addresses of customers, without becoming anybody's way into a private network.

Plain values only: no models, no tasks. Needs the extra ``webhooks``, whose libraries are loaded when they are used.
"""
