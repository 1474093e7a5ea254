/// Where a request and its cancellation meet on the event loop, in whichever order they come.
struct ExchangeSlot {
    private var exchange: ClientExchange?
    private var isCancelled = false

    init() {}

    /// Starts the exchange that `make` gives, unless the caller was cancelled meanwhile.
    mutating func start(
        _ make: () throws(HTTPClientError) -> ClientExchange, failure: (HTTPClientError) -> Void
    ) {
        guard !isCancelled else {
            return failure(HTTPClientError(.cancelled, "the caller was cancelled"))
        }
        do {
            let exchange = try make()
            self.exchange = exchange
            exchange.start()
        } catch {
            failure(error)
        }
    }

    mutating func cancel() {
        isCancelled = true
        exchange?.cancel()
    }
}
