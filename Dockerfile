# One image for worker, API and the commands: which of them runs is the command, see docker-compose.yml.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
# Compiles, and bundles the workflows, so that a worker loads one file and starts quickly.
RUN npm run build

FROM node:22-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:22-bookworm-slim
# The Temporal client verifies servers by the system's certificates, which the slim image lacks.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production COUNTERSIGN_PROFILE=production COUNTERSIGN_HOME=/var/lib/countersign
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY sql ./sql
COPY examples ./examples
RUN install --directory --owner node --group node --mode 0700 /var/lib/countersign
USER node
EXPOSE 8080
# Node itself is process 1, so that SIGTERM reaches it and it drains.
ENTRYPOINT ["node"]
CMD ["dist/cli/main.js", "--help"]
