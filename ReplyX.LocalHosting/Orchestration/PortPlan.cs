using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using ReplyX.LocalHosting.Model;

namespace ReplyX.LocalHosting.Orchestration;

/// <summary>Assigns ports before anything starts: the fixed port of an endpoint, or a free one; in tests a free one, unless the endpoint is not to be behind a proxy.</summary>
internal sealed class PortPlan(bool randomize)
{
    // Below the range that systems use for outgoing connections (from 32768 on Linux). Inside it, a health check that connects before
    // the process listens could get that same port as its own and connect to itself, and the process would find the port taken.
    private const int First = 20_000;
    private const int End = 32_000;

    private readonly HashSet<int> _given = [];

    /// <exception cref="DistributedApplicationException">A port is taken, or an endpoint is of a kind that is not supported here.</exception>
    public void Assign(InstanceRegistry instances)
    {
        foreach (var group in instances.All.GroupBy(instance => instance.Resource))
        {
            foreach (var endpoint in group.Key.Annotations.OfType<EndpointSpec>())
            {
                endpoint.Port = (!randomize || !endpoint.IsProxied) && endpoint.FixedPort is { } port ? Claim(port, group.Key.Name) : FindFree();
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
                    instance.SetTargetPort(endpoint, FindFree());
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

    private int FindFree()
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
