# The workshop in a container, ready for a room: whoever starts it downloads and builds nothing.
#
#     docker build -t lambda-failure-workshop .
#     docker run --rm -p 127.0.0.1:8888:8888 lambda-failure-workshop
#
# Each step is a command of start.py, which is tested on its own; the packages are those of the lock
# files, with their hashes. So far nobody has built it: where this was written is no Docker.
FROM python:3.11-slim-bookworm

# Not root, and with the number that hubs give to a volume's owner.
ARG NB_USER=learner
ARG NB_UID=1000
ENV USER=${NB_USER} HOME=/home/${NB_USER}
RUN useradd --create-home --uid ${NB_UID} ${NB_USER}

WORKDIR /opt/workshop
RUN chown ${NB_USER} /opt/workshop
USER ${NB_USER}

COPY --chown=${NB_UID} . .
# What setting up keeps for another time is not needed here.
RUN python3 start.py prepare --kernel && rm -rf .workshop/caches "${HOME}/.cache"

ENV PATH=/opt/workshop/.venv/bin:${PATH}
# What a person does is kept apart from the code, which a new image replaces.
ENV WORKSHOP_HOME=${HOME}/workshop
WORKDIR ${HOME}
EXPOSE 8888
CMD ["python3", "/opt/workshop/start.py", "lab", "--no-browser", "--ip", "0.0.0.0", "--port", "8888"]
