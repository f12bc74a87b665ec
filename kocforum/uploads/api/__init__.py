"""`/api/v1/uploads/`."""

from .uploads import UploadViewSet

__all__ = ["UploadViewSet"]
