/** What a model takes in the bench, in milliseconds: short, so that the engine shows and not the model. */
export const MODEL_MS = 50;
