import RedisKit

/// The steps of the exchange that Redis executes as one. KEYS of each: generation, seen, figures.
enum ExchangeScripts {
    /// Keeps the figures of a process, unless they are of another generation, and forgets those who ended long ago.
    ///
    /// ARGV: process, its generation or nothing, figures, seconds for which to keep. Replies: the generation.
    static let publish = RedisScript(
        """
        local generation = redis.call('GET', KEYS[1]) or '0'
        if ARGV[2] == '' or ARGV[2] == generation then
          local now = tonumber(redis.call('TIME')[1])
          redis.call('HSET', KEYS[3], ARGV[1], ARGV[3])
          redis.call('ZADD', KEYS[2], now, ARGV[1])
          local old = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[4]))
          for _, process in ipairs(redis.call('ZRANGE', KEYS[2], 0, -\(processesMax + 1))) do
            old[#old + 1] = process
          end
          for _, process in ipairs(old) do
            redis.call('HDEL', KEYS[3], process)
            redis.call('ZREM', KEYS[2], process)
          end
          redis.call('EXPIRE', KEYS[2], ARGV[4])
          redis.call('EXPIRE', KEYS[3], ARGV[4])
        end
        return generation
        """)

    /// ARGV: process. Replies: generation, now, then when and what each of the others published.
    static let fetch = RedisScript(
        """
        local reply = {redis.call('GET', KEYS[1]) or '0', tonumber(redis.call('TIME')[1])}
        local processes = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
        for i = 1, #processes, 2 do
          local figures = redis.call('HGET', KEYS[3], processes[i])
          if figures and processes[i] ~= ARGV[1] then
            reply[#reply + 1] = tonumber(processes[i + 1])
            reply[#reply + 1] = figures
          end
        end
        return reply
        """)

    /// Begins a new generation. Replies: its number.
    static let reset = RedisScript(
        """
        redis.call('DEL', KEYS[2], KEYS[3])
        return redis.call('INCR', KEYS[1])
        """)

    /// Processes whose figures are kept; those that have been silent for longest give way.
    static let processesMax = 64
}
