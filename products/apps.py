from django.apps import AppConfig


class ProductsConfig(AppConfig):
    """What: plans and prices, trial and paid phases of a company's subscription."""

    name = "products"
    verbose_name = "상품"
