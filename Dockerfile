# The dashboard without TensorFlow, which shows, compares and predicts:
#   docker build -t fmnist-lab .
# The same with TensorFlow, which also trains:
#   docker build -t fmnist-lab-training --target training .
FROM python:3.13-slim AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_NO_CACHE=1 UV_NO_PYTHON_DOWNLOADS=1
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
COPY pyproject.toml uv.lock README.md LICENSE app.py ./
COPY .streamlit .streamlit
COPY pages pages
COPY docs docs
COPY artifacts/pretrained artifacts/pretrained
COPY fmnist fmnist
RUN uv sync --frozen --no-dev --no-editable

FROM build AS build-training
RUN uv sync --frozen --no-dev --no-editable --extra train

# The package carries app, pages and shipped runs, so that the environment is all that is needed
FROM python:3.13-slim AS base
RUN useradd --create-home lab && install -d -o lab /data /data/runs /data/fashion-mnist
ENV PATH=/app/.venv/bin:$PATH \
    FMNIST_ARTIFACTS_DIR=/data/runs \
    FMNIST_DATA_DIR=/data/fashion-mnist \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_HEADLESS=true
USER lab
WORKDIR /home/lab
VOLUME /data
EXPOSE 8501
CMD ["fmnist", "dashboard", "--port", "8501"]

FROM base AS training
COPY --from=build-training /app/.venv /app/.venv

FROM base AS dashboard
COPY --from=build /app/.venv /app/.venv
HEALTHCHECK --start-period=20s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8501/_stcore/health', timeout=5)"]
