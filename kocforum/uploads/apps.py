from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UploadsConfig(AppConfig):
    name = "kocforum.uploads"
    label = "uploads"
    verbose_name = _("Uploads")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kocforum.members.download import register, register_files

        from .queries import files_of, uploads_of

        fields = (
            "id",
            "original_name",
            "kind",
            "size",
            "width",
            "height",
            "captured_at",
            "attached_to",
            "number",
            "created_at",
            "words",
        )
        register(lambda member: ("uploads", uploads_of(member).values(*fields).iterator()))
        register_files(files_of)
