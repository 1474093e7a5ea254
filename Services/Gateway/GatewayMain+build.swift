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
        let directories = environment.directories
        for directory in directories.values { environment.replicaMonitor.watch(directory) }
        let health = ServiceHealth(directories, monitor: environment.replicaMonitor)
        let server = GatewayServer(
            address: .init(host: environment.common.address.host, port: environment.common.address.port),
            limits: configuration.limits(environment.common), directories: directories,
            health: health, documents: try PublicDocuments(), metrics: GatewayMetrics(environment.metrics),
            eventLoopGroup: environment.eventLoopGroup, logger: environment.logger)
        return ServiceParts(services: [server])
    }
}
