using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using ReplyX.LocalHosting.Model;

namespace ReplyX.LocalHosting.Orchestration;

/// <summary>Gives out ports before anything starts: fixed ones if they are free, else free ones. Random ones throughout in tests.</summary>
internal sealed class PortPlan(bool randomize)
{
    // Below what systems hand out for outgoing connections (32768 up on Linux): there, a health check that knocks on a port before its
    // process listens may be given that very port and talk to itself, and the process then finds it taken.
    private const int First = 20_000;
    private const int End = 32_000;

    private readonly HashSet<int> _given = [];

    /// <exception cref="DistributedApplicationException">A port is taken, or an endpoint is of a kind that cannot be had here.</exception>
    public void Assign(InstanceRegistry instances)
    {
        foreach (var group in instances.All.GroupBy(instance => instance.Resource))
        {
            foreach (var endpoint in group.Key.Annotations.OfType<EndpointSpec>())
            {
                endpoint.Port = !randomize && endpoint.FixedPort is { } port ? Claim(port, group.Key.Name) : Free();
                if (endpoint.FixedTargetPort is { } target && target != endpoint.FixedPort)
                {
                    throw new DistributedApplicationException(
                        $"Endpoint '{endpoint.Name}' of resource '{group.Key.Name}' wants its process on port {target}: the local engine chooses that port itself.");
                }

                if (group.Count() == 1)
                {
                    continue;
                }

                if (!endpoint.IsHttp)
                {
                    throw new DistributedApplicationException(
                        $"Endpoint '{endpoint.Name}' of resource '{group.Key.Name}' is not HTTP: the local engine puts replicas behind HTTP endpoints only.");
                }

                foreach (var instance in group)
                {
                    instance.SetTargetPort(endpoint, Free());
                }
            }
        }
    }

    private int Claim(int port, string resource)
    {
        if (!_given.Add(port) || !IsFree(IPAddress.Loopback, port) || !IsFree(IPAddress.IPv6Loopback, port))
        {
            throw new DistributedApplicationException($"Port {port} of resource '{resource}' is taken: stop what listens there, then start again.");
        }

        return port;
    }

    private int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            if (!_given.Contains(port) && IsFree(IPAddress.Loopback, port) && IsFree(IPAddress.IPv6Loopback, port) && _given.Add(port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(IPAddress address, int port)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
        {
            return true;
        }

        try
        {
            using var probe = new TcpListener(address, port);
            probe.Start();
            return true;
        }
        catch (SocketException e)
        {
            // A machine may have IPv6 compiled in and its loopback address switched off.
            return e.SocketErrorCode == SocketError.AddressNotAvailable;
        }
    }
}
