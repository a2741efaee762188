const { TestEnvironment } = require('jest-environment-node');

/**
 * Jest runs test files in a realm of their own, in which errors of Node itself are no `Error`. Libraries that ask
 * (the AWS SDK wraps what is none, and loses its code) would behave otherwise than in the product, so here they are.
 */
module.exports = class OneRealmOfErrors extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    const inner = this.global.Error;
    const isInstance = Function.prototype[Symbol.hasInstance];
    Object.defineProperty(inner, Symbol.hasInstance, {
      value(candidate) {
        return isInstance.call(this, candidate) || (this === inner && isInstance.call(Error, candidate));
      },
    });
  }
};
