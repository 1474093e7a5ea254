// RedisKit
