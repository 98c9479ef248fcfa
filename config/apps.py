from django.contrib.admin.apps import AdminConfig


class TripactAdminConfig(AdminConfig):
    default_site = "config.admin.TripactAdminSite"
