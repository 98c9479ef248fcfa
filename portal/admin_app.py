"""The app configuration that makes `portal.admin_site` the default admin site."""

from django.contrib.admin.apps import AdminConfig


class TripactAdminConfig(AdminConfig):
    default_site = "portal.admin_site.TripactAdminSite"
