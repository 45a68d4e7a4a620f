// graphql-js asks of every type whether another copy of itself made it, unless this says otherwise; it is read when the library is loaded, so before any other import.
process.env['NODE_ENV'] ??= 'production';
