// The libraries run as they do in the hub.
process.env['NODE_ENV'] = 'production';
// jest maps every stack that is read back to its source, and there is no map here: each refusal's stack cost 0.1 ms for nothing.
Error.prepareStackTrace = (error, trace) => [String(error), ...trace.map(String)].join('\n    at ');
