"""The names of Lambda's runtimes, as its error texts list them."""

# Those that functions may be created with, and layers named for. AWS lists them so for both:
# https://github.com/aws-cloudformation/cfn-lint/issues/4427.
CREATABLE = (
    "nodejs20.x, python3.14, provided.al2023, python3.12, python3.13, nodejs24.x, nodejs22.x, "
    "java25, python3.10, python3.11, java21, ruby3.3, ruby3.4, ruby3.2, python3.8, python3.9, "
    "java17, nodejs16.x, dotnet10, dotnet8, java11, dotnet6, nodejs18.x, provided.al2, java8.al2"
)
# Known to the API, but AWS refuses to create or update functions with them.
DEPRECATED = (
    "nodejs, nodejs4.3, nodejs4.3-edge, nodejs6.10, nodejs8.10, nodejs10.x, nodejs12.x, "
    "nodejs14.x, java8, python2.7, python3.6, python3.7, dotnetcore1.0, dotnetcore2.0, "
    "dotnetcore2.1, dotnetcore3.1, go1.x, ruby2.5, ruby2.7, provided"
)
# All that layers may be asked for, the never published ones among them. That of 2023 is in
# https://github.com/localstack/localstack/pull/8499; newer ones stand where the framework's order
# puts them.
ASKABLE = (
    "ruby2.6, dotnetcore1.0, python3.7, nodejs8.10, nasa, ruby2.7, python2.7-greengrass, "
    "dotnetcore2.0, python3.8, java21, dotnet6, dotnetcore2.1, python3.9, java11, nodejs6.10, "
    "provided, dotnetcore3.1, dotnet8, java25, java17, nodejs, nodejs4.3, java8.al2, go1.x, "
    "dotnet10, nodejs20.x, go1.9, byol, nodejs10.x, provided.al2023, nodejs22.x, python3.10, "
    "java8, nodejs12.x, python3.11, nodejs24.x, nodejs8.x, python3.12, nodejs14.x, nodejs8.9, "
    "python3.13, python3.14, nodejs16.x, provided.al2, nodejs4.3-edge, nodejs18.x, ruby3.2, "
    "python3.4, ruby3.3, ruby3.4, ruby2.5, python3.6, python2.7"
)


def names(listed: str) -> list[str]:
    """The runtimes of one of these lists."""
    return listed.split(", ")
