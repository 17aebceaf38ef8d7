"""The HTTP side: resources under `/v1` on Starlette, their OpenAPI document, and RFC 9457 problems.

`app.build_app` makes the application from `Dependencies`. Each area module lists its resources with every operation
described beside its handler; routing, the OpenAPI document and the checks of requests all read that one list.
"""
