// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IReputationRegistry} from "../interfaces/IReputationRegistry.sol";
import {AgentAuthority} from "../libraries/AgentAuthority.sol";
import {FeedbackTallies} from "./FeedbackTallies.sol";

/// @title The registry of feedback
/// @dev Sums are kept as feedback comes in, so that a client who says much cannot make a summary unreadable.
contract ReputationRegistry is IReputationRegistry, FeedbackTallies {
    using AgentAuthority for IERC721;
    using EnumerableSet for EnumerableSet.AddressSet;

    struct Feedback {
        int128 value;
        uint8 valueDecimals;
        bool isRevoked;
        string tag1;
        string tag2;
    }

    /// @dev A piece of feedback as its event says it; in memory, since it is more than the stack holds.
    struct Statement {
        uint256 agentId;
        int128 value;
        uint8 valueDecimals;
        string tag1;
        string tag2;
        string endpoint;
        string feedbackURI;
        bytes32 feedbackHash;
    }

    /// @dev Which feedback is read.
    struct Filter {
        uint256 agentId;
        address[] clients;
        bytes32 tag1;
        bytes32 tag2;
        bool includeRevoked;
    }

    struct Found {
        address[] clients;
        uint64[] indexes;
        int128[] values;
        uint8[] valueDecimals;
        string[] tag1s;
        string[] tag2s;
        bool[] revoked;
    }

    /// @inheritdoc IReputationRegistry
    uint256 public constant MAX_READ = 1_000;

    IERC721 private immutable IDENTITY;

    mapping(uint256 agentId => mapping(address client => Feedback[])) private _feedback;
    mapping(uint256 agentId => EnumerableSet.AddressSet) private _clients;
    /// @dev By client, index and responder, where zero stands for all.
    mapping(uint256 agentId => mapping(address => mapping(uint64 => mapping(address => uint64)))) private _responses;

    constructor(address identityRegistry) {
        if (identityRegistry == address(0)) revert ZeroRegistry();
        IDENTITY = IERC721(identityRegistry);
    }

    /// @inheritdoc IReputationRegistry
    function initialize(address) external view {
        revert AlreadyInitialized(address(IDENTITY));
    }

    /// @inheritdoc IReputationRegistry
    /// @dev Takes its strings in memory, where they go anyway: in calldata they are too many for the stack of what
    /// measures coverage.
    // solhint-disable-next-line gas-calldata-parameters
    function giveFeedback(
        uint256 agentId,
        int128 value,
        uint8 valueDecimals,
        string memory tag1,
        string memory tag2,
        string memory endpoint,
        string memory feedbackURI,
        bytes32 feedbackHash
    ) external {
        _record(Statement(agentId, value, valueDecimals, tag1, tag2, endpoint, feedbackURI, feedbackHash));
    }

    /// @inheritdoc IReputationRegistry
    function revokeFeedback(uint256 agentId, uint64 feedbackIndex) external {
        Feedback storage given = _given(agentId, msg.sender, feedbackIndex);
        if (given.isRevoked) revert AlreadyRevoked(agentId, msg.sender, feedbackIndex);
        given.isRevoked = true;
        _takeOut(agentId, msg.sender, given.value, given.valueDecimals, _hash(given.tag1), _hash(given.tag2));
        emit FeedbackRevoked(agentId, msg.sender, feedbackIndex);
    }

    /// @inheritdoc IReputationRegistry
    function appendResponse(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        string calldata responseURI,
        bytes32 responseHash
    ) external {
        if (bytes(responseURI).length == 0) revert EmptyResponseURI();
        _given(agentId, clientAddress, feedbackIndex);
        _countResponse(agentId, clientAddress, feedbackIndex);
        _countResponse(agentId, clientAddress, 0);
        _countResponse(agentId, address(0), 0);
        emit ResponseAppended(agentId, clientAddress, feedbackIndex, msg.sender, responseURI, responseHash);
    }

    /// @inheritdoc IReputationRegistry
    function getIdentityRegistry() external view returns (address) {
        return address(IDENTITY);
    }

    /// @inheritdoc IReputationRegistry
    function getSummary(
        uint256 agentId,
        address[] calldata clientAddresses,
        string calldata tag1,
        string calldata tag2
    ) external view returns (uint64 count, int128 summaryValue, uint8 summaryValueDecimals) {
        if (clientAddresses.length == 0) revert NoClients();
        return _mean(agentId, clientAddresses, _hash(tag1), _hash(tag2));
    }

    /// @inheritdoc IReputationRegistry
    function readFeedback(uint256 agentId, address clientAddress, uint64 feedbackIndex)
        external
        view
        returns (int128 value, uint8 valueDecimals, string memory tag1, string memory tag2, bool isRevoked)
    {
        Feedback storage given = _given(agentId, clientAddress, feedbackIndex);
        return (given.value, given.valueDecimals, given.tag1, given.tag2, given.isRevoked);
    }

    /// @inheritdoc IReputationRegistry
    /// @dev Takes its arguments in memory: with seven values to return the stack has no room for them in calldata.
    // solhint-disable-next-line gas-calldata-parameters
    function readAllFeedback(
        uint256 agentId,
        address[] memory clientAddresses,
        string memory tag1,
        string memory tag2,
        bool includeRevoked
    )
        external
        view
        returns (
            address[] memory clients,
            uint64[] memory feedbackIndexes,
            int128[] memory values,
            uint8[] memory valueDecimals,
            string[] memory tag1s,
            string[] memory tag2s,
            bool[] memory revokedStatuses
        )
    {
        Filter memory filter = Filter(agentId, clientAddresses, _hash(tag1), _hash(tag2), includeRevoked);
        Found memory found = _find(filter);
        return (
            found.clients,
            found.indexes,
            found.values,
            found.valueDecimals,
            found.tag1s,
            found.tag2s,
            found.revoked
        );
    }

    /// @inheritdoc IReputationRegistry
    function getResponseCount(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        address[] calldata responders
    ) external view returns (uint64 count) {
        // Without a client an index means nothing.
        uint64 index = clientAddress == address(0) ? 0 : feedbackIndex;
        mapping(address => uint64) storage counts = _responses[agentId][clientAddress][index];
        if (responders.length == 0) return counts[address(0)];
        for (uint256 i = 0; i < responders.length; ++i) {
            if (responders[i] != address(0)) count += counts[responders[i]];
        }
    }

    /// @inheritdoc IReputationRegistry
    function getClients(uint256 agentId) external view returns (address[] memory) {
        return _clients[agentId].values();
    }

    /// @inheritdoc IReputationRegistry
    function clientsBetween(uint256 agentId, uint256 start, uint256 end) external view returns (address[] memory) {
        return _clients[agentId].values(start, end);
    }

    /// @inheritdoc IReputationRegistry
    function getLastIndex(uint256 agentId, address clientAddress) external view returns (uint64) {
        return uint64(_feedback[agentId][clientAddress].length);
    }

    function _record(Statement memory said) private {
        if (said.valueDecimals > MAX_DECIMALS) revert DecimalsOverMaximum(said.valueDecimals, MAX_DECIMALS);
        if (said.value > MAX_VALUE || said.value < -MAX_VALUE) revert ValueOverMaximum(said.value, MAX_VALUE);
        if (IDENTITY.speaksFor(said.agentId, msg.sender)) revert SelfFeedback(said.agentId, msg.sender);
        Feedback[] storage before = _feedback[said.agentId][msg.sender];
        before.push(Feedback(said.value, said.valueDecimals, false, said.tag1, said.tag2));
        _clients[said.agentId].add(msg.sender);
        _putIn(said.agentId, msg.sender, said.value, said.valueDecimals, _hash(said.tag1), _hash(said.tag2));
        emit NewFeedback(
            said.agentId,
            msg.sender,
            uint64(before.length),
            said.value,
            said.valueDecimals,
            said.tag1,
            said.tag1,
            said.tag2,
            said.endpoint,
            said.feedbackURI,
            said.feedbackHash
        );
    }

    function _countResponse(uint256 agentId, address client, uint64 index) private {
        mapping(address => uint64) storage counts = _responses[agentId][client][index];
        ++counts[address(0)];
        ++counts[msg.sender];
    }

    function _given(uint256 agentId, address client, uint64 index) private view returns (Feedback storage) {
        Feedback[] storage given = _feedback[agentId][client];
        if (index == 0 || index > given.length) {
            revert NoSuchFeedback(agentId, client, index, uint64(given.length));
        }
        return given[index - 1];
    }

    /// @dev Counts what fits before it makes room for it.
    function _find(Filter memory filter) private view returns (Found memory found) {
        // One client more than may be read, so that a longer list is noticed without being read whole.
        if (filter.clients.length == 0) filter.clients = _clients[filter.agentId].values(0, MAX_READ + 1);
        uint256 size = _walk(filter, found);
        found = Found({
            clients: new address[](size),
            indexes: new uint64[](size),
            values: new int128[](size),
            valueDecimals: new uint8[](size),
            tag1s: new string[](size),
            tag2s: new string[](size),
            revoked: new bool[](size)
        });
        _walk(filter, found);
    }

    /// @dev Counts what fits the filter, and writes it down where there is room for it.
    function _walk(Filter memory filter, Found memory found) private view returns (uint256 size) {
        uint256 read;
        for (uint256 i = 0; i < filter.clients.length; ++i) {
            Feedback[] storage given = _feedback[filter.agentId][filter.clients[i]];
            read += given.length;
            if (read > MAX_READ) revert TooMuchToRead(read, MAX_READ);
            for (uint256 j = 0; j < given.length; ++j) {
                if (!_fits(given[j], filter)) continue;
                if (found.clients.length != 0) _write(found, size, filter.clients[i], uint64(j + 1), given[j]);
                ++size;
            }
        }
    }

    function _write(Found memory found, uint256 slot, address client, uint64 index, Feedback storage given) private view {
        found.clients[slot] = client;
        found.indexes[slot] = index;
        found.values[slot] = given.value;
        found.valueDecimals[slot] = given.valueDecimals;
        found.tag1s[slot] = given.tag1;
        found.tag2s[slot] = given.tag2;
        found.revoked[slot] = given.isRevoked;
    }

    function _fits(Feedback storage given, Filter memory filter) private view returns (bool) {
        if (given.isRevoked && !filter.includeRevoked) return false;
        if (filter.tag1 != ANY && filter.tag1 != _hash(given.tag1)) return false;
        return filter.tag2 == ANY || filter.tag2 == _hash(given.tag2);
    }
}
