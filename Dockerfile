FROM node:22-slim AS frontend
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    TRIPACT_HOME=/var/lib/tripact
RUN useradd --system --uid 10001 --home-dir /var/lib/tripact --create-home tripact
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --no-deps --require-hashes --requirement requirements/base.txt
COPY . .
COPY --from=frontend /build/node_modules node_modules
# Neither step touches a server; the key signs nothing and is not kept.
RUN python -m i18n compile \
    && SECRET_KEY=only-for-the-build python manage.py collectstatic --no-input \
    && mkdir -p /var/lib/tripact/media \
    && chown -R tripact: /var/lib/tripact
USER tripact
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
