import Contracts
import HTTPKit
import ServiceKit

extension GatewayMain: HoldfastService {
    static let name = ServiceName.gateway
    static let summary = "The one door: checks requests and forwards them to the services."

    static func configuration(_ settings: Settings) throws -> GatewayConfiguration {
        try GatewayConfiguration(settings)
    }

    static func build(
        _ configuration: GatewayConfiguration, _ environment: ServiceEnvironment
    ) async throws -> ServiceParts {
        let health = ServiceHealth(
            services: environment.common.endpoints,
            probe: HTTPHealthProbe(client: environment.httpClient))
        let server = GatewayServer(
            address: .init(host: environment.common.address.host, port: environment.common.address.port),
            limits: configuration.limits(environment.common), endpoints: environment.common.endpoints,
            health: health, documents: try PublicDocuments(), metrics: GatewayMetrics(environment.metrics),
            eventLoopGroup: environment.eventLoopGroup, logger: environment.logger)
        return ServiceParts(services: [server])
    }
}
