"""API views of the region map, of changes of regions, and of the contracts that these concern."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import actor_of
from alliance.api.serializers import ContractSerializer
from alliance.domain.coverage import FREE, GRANTED, PARTLY
from alliance.domain.region_changes import GAINS, LOSES, REPLACED
from alliance.models import Contract
from alliance.operations.remapping import remap_contract
from alliance.queries.region_changes import ConcernedContract, concerned_contracts
from alliance.queries.region_map import RegionMap, first_category, region_map
from catalogue.models import Category
from dealers.models import Channel, Region, RegionChange
from ui.web.typed_serializers import DayField


class RegionMapQuerySerializer(serializers.Serializer):
    """What the map is of."""

    category = serializers.CharField(
        max_length=40, required=False, help_text="Code; by default the first category."
    )
    channel = serializers.CharField(max_length=40, required=False, help_text="By default every channel.")
    region = serializers.CharField(max_length=12, required=False, help_text="Code; by default the country.")


class MapRegionSerializer(serializers.Serializer):
    """A region, granted if all its counties are. `is_mine`: a contract that the key may see holds it."""

    code = serializers.CharField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=(GRANTED, PARTLY, FREE, "unknown"))
    granted = serializers.IntegerField(help_text="Counties granted completely.")
    counties = serializers.IntegerField()
    is_mine = serializers.BooleanField()


class MapGrantSerializer(serializers.Serializer):
    """A grant of a contract that the key's party may see."""

    region = serializers.CharField()
    channel = serializers.CharField(help_text='"" for every channel.')
    contract = serializers.UUIDField()
    code = serializers.CharField()
    until = serializers.DateField(help_text="Exclusive.")


class RegionMapSerializer(serializers.Serializer):
    """The regions in one region or the country, and who holds them as far as the key's party may read it."""

    regions = MapRegionSerializer(many=True)
    grants = MapGrantSerializer(many=True)


class RegionMapView(GenericAPIView):
    """The map of granted and free regions."""

    right = "contract.view"
    serializer_class = RegionMapSerializer

    @extend_schema(
        operation_id="region_map", parameters=[RegionMapQuerySerializer], responses={200: RegionMapSerializer}
    )
    def get(self, request: Request) -> Response:
        """Return which regions are granted, granted in part or free today, for a category and a channel."""
        query = RegionMapQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        wanted = query.validated_data
        code, channel, region = wanted.get("category"), wanted.get("channel"), wanted.get("region")
        category = get_object_or_404(Category, code=code) if code else first_category()
        if category is None:
            return Response(RegionMapSerializer({"regions": [], "grants": []}).data)
        found = region_map(
            actor_of(request),
            category=category,
            channel=get_object_or_404(Channel, code=channel) if channel else None,
            parent=get_object_or_404(Region, code=region) if region else None,
            on=timezone.localdate(),
        )
        return Response(RegionMapSerializer(_map_facts(found)).data)


def _map_facts(found: RegionMap) -> dict[str, Any]:
    return {
        "regions": [
            {
                "code": one.code,
                "name": one.name,
                "state": one.coverage.state,
                "granted": one.coverage.granted,
                "counties": one.coverage.parts,
                "is_mine": one.is_mine,
            }
            for one in found.tiles
        ],
        "grants": [
            {
                "region": one.region_id,
                "channel": one.channel.code if one.channel is not None else "",
                "contract": one.contract_id,
                "code": one.contract.code,
                "until": one.contract.until,
            }
            for one in found.grants
        ],
    }


class RegionChangeSerializer(serializers.ModelSerializer):
    """A change of GB/T 2260: from the day `on` the region `old_code` is `new_code`."""

    new_code = serializers.CharField(source="new_id")
    new_name = serializers.CharField(source="new.full_name")

    class Meta:
        model = RegionChange
        fields = ("old_code", "new_code", "new_name", "on", "kind", "reference")


class RegionChangeList(ListAPIView):
    """List the changes of regions, which are the same for every tenant, newest first."""

    filterset_class = None

    right = "contract.view"
    serializer_class = RegionChangeSerializer
    queryset = RegionChange.objects.select_related("new").order_by("-on", "-id")


class ConcernedAreaSerializer(serializers.Serializer):
    """A granted region that changes concern, and the regions that would take its place."""

    category = serializers.CharField()
    region = serializers.CharField()
    proposed = serializers.ListField(child=serializers.CharField())
    effect = serializers.ChoiceField(choices=(REPLACED, LOSES, GAINS))
    on = serializers.DateField()


class ConcernedContractSerializer(serializers.Serializer):
    """A contract with regions that changes concern; `amendment` is the next version that is being written."""

    contract = serializers.UUIDField()
    code = serializers.CharField()
    version = serializers.IntegerField()
    amendment = serializers.UUIDField(allow_null=True)
    areas = ConcernedAreaSerializer(many=True)


class ConcernedContracts(GenericAPIView):
    """The contracts that changes of regions concern."""

    right = "contract.edit"
    serializer_class = ConcernedContractSerializer
    queryset = Contract.objects.none()

    @extend_schema(
        operation_id="region_change_contracts", responses={200: ConcernedContractSerializer(many=True)}
    )
    def get(self, request: Request) -> Response:
        """List the contracts whose granted regions changed until today, with the regions proposed."""
        found = concerned_contracts(actor_of(request), day=timezone.localdate())
        return Response(ConcernedContractSerializer([_concerned(one) for one in found], many=True).data)


def _concerned(one: ConcernedContract) -> dict[str, Any]:
    return {
        "contract": one.contract.id,
        "code": one.contract.code,
        "version": one.contract.version,
        "amendment": one.amendment.id if one.amendment is not None else None,
        "areas": [
            {
                "category": area.area.category.code,
                "region": area.area.region_id,
                "proposed": list(area.remap.proposed),
                "effect": area.remap.effect,
                "on": area.remap.on,
            }
            for area in one.areas
        ],
    }


class RemapCreateSerializer(serializers.Serializer):
    """The start of the amendment."""

    starts_on = DayField(required=False, help_text="By default the first day of next month.")


class Remapping(GenericAPIView):
    """The re-mapping of one contract."""

    right = "contract.edit"
    serializer_class = ContractSerializer
    queryset = Contract.objects.none()

    @extend_schema(
        operation_id="contracts_remap", request=RemapCreateSerializer, responses={201: ContractSerializer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Draft the next version of a contract with the regions that the changes propose."""
        body = RemapCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        made = remap_contract(contract_id=pk, by=actor_of(request), at=timezone.now(), **body.validated_data)
        return Response(ContractSerializer(made).data, status=201)
